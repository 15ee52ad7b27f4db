"""Posts from other sites are refused.

A visitor without a session gets the same page as everybody, so their first post carries no token:
the browser's own word (Sec-Fetch-Site, Origin or Referer) decides. Later posts need the token too.
"""

import hmac
from urllib.parse import urlsplit

from pyramid.config import Configurator
from pyramid.csrf import LegacySessionCSRFStoragePolicy

from ocpizza.request import Request
from ocpizza.security.page_marks import page_mark

DEFAULT_PORTS = {"http": 80, "https": 443}


def same_origin(request: Request) -> bool:
    """Return whether the browser says that this post comes from one of our own pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    source = request.headers.get("Origin") or request.referer or ""
    ours = _origin(f"{request.scheme}://{request.host}")
    return ours is not None and _origin(source) == ours


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address; None for what has no such origin."""
    try:
        parts = urlsplit(url)
        port = parts.port or DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    if not parts.hostname or parts.username is not None or "\\" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port


class CsrfPolicy(LegacySessionCSRFStoragePolicy):
    """The session's token, once there is a session; the browser's word always."""

    def get_csrf_token(self, request: Request) -> str:
        # Reading the token of a visitor without a session must not give them one.
        if request.session.new:
            return ""
        mark = page_mark(request)  # of a session that is over, nothing is given out any more
        return f"{super().get_csrf_token(request)}{mark}"

    def check_csrf_token(self, request: Request, supplied_token: object) -> bool:
        if not same_origin(request) or not isinstance(supplied_token, str):
            return False
        if request.session.new:
            return True
        expected = super().get_csrf_token(request)
        supplied, _, _mark = supplied_token.partition(".")
        return hmac.compare_digest(expected.encode(), supplied.encode())


def includeme(config: Configurator) -> None:
    config.set_csrf_storage_policy(CsrfPolicy())
    config.set_default_csrf_options(require_csrf=True, check_origin=False)

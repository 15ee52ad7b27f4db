"""Security headers of every answer."""

from collections.abc import Mapping
from types import MappingProxyType

from pyramid.events import NewResponse

from ocpizza.security.sessions import COOKIE

SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def policy(more: Mapping[str, str] = MappingProxyType({})) -> str:
    """The content security policy, with more sources for a page that needs them."""
    kinds = SOURCES | {kind: f"{SOURCES.get(kind, '')} {more[kind]}".strip() for kind in more}
    return "; ".join(f"{kind} {sources}" for kind, sources in kinds.items())


POLICY = policy()
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def add_headers(event) -> None:
    for name, value in HEADERS.items():
        event.response.headers.setdefault(name, value)
    if event.response.content_type == "text/html":
        # A browser going back shows a stale basket unless the page was not to be kept at all.
        personal = COOKIE in event.request.cookies or event.request.method == "POST"
        keep = "no-store" if personal else "no-cache, private"
        event.response.headers.setdefault("Cache-Control", keep)
        event.response.headers.add("Vary", "Cookie")


def includeme(config):
    config.add_subscriber(add_headers, NewResponse)

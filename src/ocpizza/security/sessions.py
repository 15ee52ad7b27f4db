"""The visitor's session: a signed cookie of random numbers, a postcode, messages for one page."""

import hmac
import os
import secrets
from hashlib import sha256
from pathlib import Path
from typing import Any

from pyramid.config import Configurator
from pyramid.session import SignedCookieSessionFactory

from ocpizza.cookie_names import cookie_name, cookie_names, drop_cookie
from ocpizza.request import Request
from ocpizza.security.flash import bounded
from ocpizza.settings import SettingError

COOKIE = "ocpizza"
KEY_BYTES = 64
# The visitor's basket, and the one that waits while an order is changed.
BASKET, SET_ASIDE = "basket", "basket_set_aside"
# Where the visitor said that their order goes (`domain.destination`).
DESTINATION = "destination"
# The order that was placed here last, by its number, until it has ended.
ORDER = "order"
# The basket came in a plain cookie, which somebody else may know or have put there.
FROM_PLAIN_COOKIE = "from_plain_cookie"


def cookie_key(path: Path) -> str:
    """Return the key that signs cookies, made on first use and readable by its owner only."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(KEY_BYTES))
    except FileExistsError:
        pass
    except OSError as error:
        raise SettingError(f"session.secret_file: {path}: {error.strerror}") from error
    key = path.read_text().strip()
    if len(key) < KEY_BYTES:
        raise SettingError(f"session.secret_file: {path} is too short; remove it to renew it")
    return key


def key_for(purpose: bytes, cookie_key: str) -> bytes:
    """Return a key of its own for a purpose, there wherever the one that signs cookies is."""
    return hmac.digest(cookie_key.encode(), purpose, sha256)


def has_cookie(request: Request) -> bool:
    """Return whether the browser brought a session, readable or not."""
    return any(name in request.cookies for name in cookie_names(request, COOKIE))


def includeme(config: Configurator) -> None:
    settings = config.registry.settings
    key = cookie_key(settings["session.secret_file"])
    lifetime = settings["session.days"] * 24 * 3600
    plain, secure = (_session_class(key, lifetime, secure) for secure in (False, True))

    def session_of(request: Request) -> Any:
        if request.scheme != "https":
            return plain(request)
        session = secure(request)
        if cookie_name(request, COOKIE) not in request.cookies and COOKIE in request.cookies:
            _adopt(request, session, plain(request))
        return session

    config.set_session_factory(session_of)


def _session_class(key: str, lifetime: int, secure: bool) -> Any:
    """Before certbot, HTTP is all there is; over HTTPS the cookie is one that only we can set."""
    base = SignedCookieSessionFactory(
        key,
        cookie_name=f"__Host-{COOKIE}" if secure else COOKIE,
        max_age=lifetime,
        timeout=lifetime,
        reissue_time=24 * 3600,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )

    class Session(base):  # type: ignore[valid-type, misc]
        """A session whose messages always fit into the cookie."""

        def flash(self, msg: Any, queue: str = "", allow_duplicate: bool = True) -> None:
            super().flash(msg, queue, allow_duplicate)
            self[f"_f_{queue}"] = bounded(self[f"_f_{queue}"])

    return Session


def _adopt(request: Request, session: Any, before: Any) -> None:
    """Go on under the secure name with the basket of the plain cookie, once; nothing else of it.

    Somebody on an unprotected connection may have put it there: nobody is signed in by it, and the
    basket gets another token before anything is written into it (`visitor.basket`).
    """
    if before.new:
        return
    # Read behind its back: it is not to be given out again.
    token = dict.get(before, SET_ASIDE) or dict.get(before, BASKET)
    session.new = False
    if token:
        session[BASKET], session[FROM_PLAIN_COOKIE] = token, True
    session.changed()
    request.add_response_callback(lambda request, response: drop_cookie(request, response, COOKIE))

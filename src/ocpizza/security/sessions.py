"""The visitor's session: a signed cookie that holds ids only."""

import os
import secrets
from pathlib import Path

from pyramid.session import SignedCookieSessionFactory

from ocpizza.settings import SettingError

COOKIE = "ocpizza"
KEY_BYTES = 64


def cookie_key(path: Path) -> str:
    """The key that signs cookies, made on first use and readable by its owner only."""
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


def includeme(config):
    """A cookie given over HTTPS goes back over HTTPS only; before certbot, HTTP is all there is."""
    settings = config.registry.settings
    key = cookie_key(settings["session.secret_file"])
    lifetime = settings["session.days"] * 24 * 3600
    factories = {secure: _factory(key, lifetime, secure) for secure in (True, False)}
    config.set_session_factory(lambda request: factories[request.scheme == "https"](request))


def _factory(key: str, lifetime: int, secure: bool):
    return SignedCookieSessionFactory(
        key,
        cookie_name=COOKIE,
        max_age=lifetime,
        timeout=lifetime,
        reissue_time=24 * 3600,
        secure=secure,
        httponly=True,
        samesite="Lax",
    )

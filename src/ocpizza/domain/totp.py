"""One-time codes of an authenticator application (RFC 6238): six digits, new every half minute.

By hand: an HMAC of the standard library is all there is to it, and which codes are taken, once, is
ours to say anyway.
"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

ISSUER = "OC Pizza"
SECONDS, DIGITS = 30, 6
# A clock may be wrong by so many steps, and people take their time.
TOLERANCE = 1


def new_key() -> str:
    """Return a key that an application and the shop share: 160 bits, as it is typed."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def step_at(now: datetime) -> int:
    """Return which half minute it is."""
    return int(now.timestamp()) // SECONDS


def code_of(key: str, step: int) -> str:
    """Return the code of this half minute."""
    digest = hmac.digest(base64.b32decode(key), step.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def step_of_code(key: str, code: str, now: datetime, *, after: int = 0) -> int | None:
    """Return the step whose code this is, now or nearly; None for one not later than `after`."""
    here = step_at(now)
    fits = [
        step
        for step in range(here - TOLERANCE, here + TOLERANCE + 1)
        if hmac.compare_digest(code_of(key, step).encode(), code.encode())
    ]
    return next((step for step in fits if step > after), None)


def key_address(key: str, name: str) -> str:
    """Return what an application reads from the QR code; `name` is whose account it is."""
    label = quote(f"{ISSUER}:{name}")
    return f"otpauth://totp/{label}?{urlencode({'secret': key, 'issuer': ISSUER}, quote_via=quote)}"

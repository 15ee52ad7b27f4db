"""Passwords: argon2id, with the library's recommended cost (RFC 9106, low memory)."""

import secrets
from threading import Lock

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 12
MAX_LENGTH = 200
_hasher = PasswordHasher()
# Each hash takes 64 MiB and all cores for a moment: one at a time in each process.
_one_at_a_time = Lock()
# Verified when there is no such account, so that both answers take as long.
_NOBODY = _hasher.hash("nobody")


class WeakPassword(ValueError):
    """A password that must not be taken; the message says why."""


def new_password() -> str:
    """A password that nobody guesses: 120 bits."""
    return secrets.token_urlsafe(15)


def refuse_weak(password: str) -> None:
    """Raises WeakPassword for one that is too short or longer than the sign-in page takes."""
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")


def hash_password(password: str) -> str:
    """The salted hash to keep."""
    with _one_at_a_time:
        return _hasher.hash(password)


def verify_password(kept: str | None, password: str) -> bool:
    """Whether `password` is the one that `kept` was made from; False where nothing is kept."""
    try:
        with _one_at_a_time:
            return _hasher.verify(kept or _NOBODY, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False

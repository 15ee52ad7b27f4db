"""Passwords: argon2id, with the library's recommended cost (RFC 9106, low memory)."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MAX_LENGTH = 200
_hasher = PasswordHasher()
# Verified when there is no such account, so that both answers take as long.
_NOBODY = _hasher.hash("nobody")


def hash_password(password: str) -> str:
    """The salted hash to keep."""
    return _hasher.hash(password)


def verify_password(kept: str | None, password: str) -> bool:
    """Whether `password` is the one that `kept` was made from; False where nothing is kept."""
    try:
        return _hasher.verify(kept or _NOBODY, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False

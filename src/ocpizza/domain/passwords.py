"""Passwords: argon2id, with the library's recommended cost (RFC 9106, low memory)."""

import os
import secrets
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from threading import Lock, get_native_id
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ocpizza.domain.weak_passwords import is_common, is_personal

MIN_LENGTH = 12
MAX_LENGTH = 200
_hasher = PasswordHasher()
# How far behind those of pages the thread of hashes stands: each takes all cores for a moment.
NICE = 10
_lock = Lock()
# Verified when there is no such account, so that both answers take as long.
_NOBODY = _hasher.hash("nobody")


class WeakPassword(ValueError):
    """A password that must not be taken; the message says why."""


def new_password() -> str:
    """Return a password that nobody guesses: 120 bits."""
    return secrets.token_urlsafe(15)


class CommonPassword(WeakPassword):
    """Among those that are tried first, or a row of keys."""


class PersonalPassword(WeakPassword):
    """Little more than the name of its owner or of the site."""


def refuse_weak(password: str, names: Iterable[str] = ()) -> None:
    """Refuse what is too short, longer than the sign-in page takes, or guessed first.

    `names` are those of its owner, addresses too. Raises WeakPassword.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise WeakPassword(f"a password has {MIN_LENGTH} to {MAX_LENGTH} characters")
    if is_common(password):
        raise CommonPassword("this password is too common; choose another one")
    if is_personal(password, names):
        raise PersonalPassword("this password is too close to a name; choose another one")


def hash_password(password: str) -> str:
    """Return the salted hash to keep."""
    hashed: str = _in_turn(_hasher.hash, password)
    return hashed


def verify_password(kept: str | None, password: str) -> bool:
    """Return whether `password` is the one that `kept` was made from.

    False where nothing is kept.
    """
    try:
        return _in_turn(_hasher.verify, kept or _NOBODY, password) and bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def _in_turn(work: Callable[..., Any], *arguments: str) -> Any:
    """One at a time in each process: a hash takes 64 MiB."""
    with _lock:
        return _thread().submit(work, *arguments).result()


@cache
def _thread() -> ThreadPoolExecutor:
    """Return the thread that hashes, and gives way to all others."""
    return ThreadPoolExecutor(1, "hashing", initializer=_give_way)


def _give_way() -> None:
    # The service's sandbox forbids it: there the kernel shares the processors out evenly.
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, get_native_id(), NICE)


def _begin_anew() -> None:
    global _lock  # whoever held it stayed in the other process
    _lock = Lock()
    _thread.cache_clear()


# A thread does not survive the fork of its process.
os.register_at_fork(after_in_child=_begin_anew)

"""Passwords: checked and hashed one at a time, whoever asks."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Lock

import pytest

from ocpizza.domain import passwords
from ocpizza.domain.passwords import (
    WeakPassword,
    hash_password,
    new_password,
    refuse_weak,
    verify_password,
)


class Hasher:
    """Notes how many hashes were computed at the same time."""

    def __init__(self, real) -> None:
        self.real, self.busy, self.most = real, Lock(), 1

    def verify(self, kept, password):
        return self._alone(self.real.verify, kept, password)

    def hash(self, password):
        return self._alone(self.real.hash, password)

    def _alone(self, act, *arguments):
        if not self.busy.acquire(blocking=False):
            self.most += 1
            return act(*arguments)
        try:
            return act(*arguments)
        finally:
            self.busy.release()


def test_hashes_are_computed_one_at_a_time(monkeypatch, costly_hashes):
    hasher = Hasher(passwords._hasher)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    kept = hash_password("quatre-fromages")
    with ThreadPoolExecutor(6) as threads:
        right = list(threads.map(lambda _: verify_password(kept, "quatre-fromages"), range(4)))
        list(threads.map(hash_password, ["quatre-fromages"] * 4))
    assert right == [True] * 4
    assert hasher.most == 1


def test_a_sandbox_that_forbids_priorities_checks_passwords_all_the_same(monkeypatch):
    def forbidden(*_):
        raise PermissionError

    monkeypatch.setattr(passwords.os, "setpriority", forbidden)
    monkeypatch.setattr(passwords, "_thread", cache(passwords._thread.__wrapped__))
    assert verify_password(hash_password("quatre-fromages"), "quatre-fromages")


@pytest.mark.parametrize("kept", [None, "", "plain text", "$argon2id$nonsense"])
def test_what_is_no_hash_fits_no_password(kept):
    assert not verify_password(kept, kept or "nobody")


PHRASE = "une pâte bien levée et quatre fromages de nos montagnes, " * 4


@pytest.mark.parametrize("length", [0, 11, 201])
def test_too_short_and_too_long_are_refused(length):
    with pytest.raises(WeakPassword, match="characters"):
        refuse_weak(PHRASE[:length])


@pytest.mark.parametrize("length", [12, 200])
def test_the_shortest_and_the_longest_are_taken(length):
    refuse_weak(PHRASE[:length])


def test_passwords_made_here_hold_120_bits_and_are_all_different():
    made = {new_password() for _ in range(100)}
    assert len(made) == 100
    assert {len(password) for password in made} == {20}

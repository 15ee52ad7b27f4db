"""What a provider of identities (Google, Facebook) tells of a person, and how it is asked (C12)."""

import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class IdentityClaims:
    """What a provider tells of a person; `subject` is their unchanging name there.

    `email` is in lower case, None where it was not told or is none. `email_verified` says whether
    the provider vouches that it is theirs.
    """

    provider: str
    subject: str
    email: str | None
    email_verified: bool
    first_name: str
    last_name: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What an authorization request and its answer have in common (RFC 6749 10.12, RFC 7636)."""

    state: str
    code_verifier: str


def new_challenge() -> Challenge:
    """Return one that nobody guesses: 256 bits each."""
    return Challenge(secrets.token_urlsafe(32), secrets.token_urlsafe(32))

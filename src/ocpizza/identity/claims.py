"""Read what a provider said of a person: nothing of it is trusted to have the right shape."""

from collections.abc import Mapping
from typing import Any

from ocpizza.domain.email_address import normal_email
from ocpizza.domain.identity import IdentityClaims
from ocpizza.domain.plain_text import one_line
from ocpizza.identity.provider import BadAnswer

MAX_SUBJECT_LENGTH, MAX_NAME_LENGTH = 255, 100
Said = Mapping[str, Any]


def read_google(said: Said) -> IdentityClaims:
    """OpenID Connect's claims. Google vouches for an address by `email_verified`."""
    return IdentityClaims(
        provider="google",
        subject=_subject(said.get("sub")),
        email=_email(said.get("email")),
        email_verified=said.get("email_verified") in (True, "true"),
        first_name=_name(said.get("given_name")),
        last_name=_name(said.get("family_name")),
    )


def read_facebook(said: Said) -> IdentityClaims:
    """Return the Graph API's user. Facebook vouches for no address."""
    return IdentityClaims(
        provider="facebook",
        subject=_subject(said.get("id")),
        email=_email(said.get("email")),
        email_verified=False,
        first_name=_name(said.get("first_name")),
        last_name=_name(said.get("last_name")),
    )


def _subject(value: Any) -> str:
    if not (isinstance(value, str) and value.isascii() and value.isprintable()):
        raise BadAnswer("no identifier")
    if not 0 < len(value) <= MAX_SUBJECT_LENGTH:
        raise BadAnswer("no identifier")
    return value


def _email(value: Any) -> str | None:
    return normal_email(value) if isinstance(value, str) else None


def _name(value: Any) -> str:
    return one_line(value)[:MAX_NAME_LENGTH].strip() if isinstance(value, str) else ""

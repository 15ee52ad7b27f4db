"""An order's number and the secret of its link: neither can be guessed."""

import secrets

from ocpizza.domain.plain_text import compatible

# No 0/O, 1/I/L or U: read out on the phone without a mistake.
NUMBER_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number() -> str:
    """Return a random order number such as « K7QM-2F9X » (39 bits: not guessable)."""
    letters = "".join(secrets.choice(NUMBER_ALPHABET) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def new_token() -> str:
    """Return the secret of an order's link."""
    return secrets.token_urlsafe(32)


def normal_number(typed: str) -> str:
    """Return the number that somebody typed, as we write it."""
    letters = compatible(typed).replace(" ", "").replace("-", "").upper()
    return f"{letters[:4]}-{letters[4:]}"

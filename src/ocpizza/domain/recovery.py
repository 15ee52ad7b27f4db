"""Recovery codes: what opens an account whose authenticator application is lost, each once.

Sixty bits, kept as a digest: whoever could read that could read the application's key beside it,
and nobody guesses one at the site's limits.
"""

import re
import secrets

from ocpizza.domain.digest import digest_of

MANY = 10
# Without letters and digits that look alike.
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
LENGTH, GROUP = 12, 4


def new_codes() -> list[str]:
    """Return codes as they are written down: ABCD-EFGH-JKLM."""
    codes = ("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)) for _ in range(MANY))
    return ["-".join(re.findall("." * GROUP, code)) for code in codes]


def digest_of_code(code: str) -> str:
    """Return what is kept of a code, however its groups are typed."""
    return digest_of(bare(code))


def bare(code: str) -> str:
    """Return a code without what only helps to read it."""
    return re.sub(r"[\s-]", "", code).upper()

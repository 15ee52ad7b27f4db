"""Two people changed the same thing: the second is told, and nothing of theirs is written."""

import hashlib
from collections.abc import Mapping
from typing import Any


class StaleVersion(Exception):
    """It is not as it was when its page was shown: somebody else has changed it."""


def fingerprint(facts: Mapping[str, Any]) -> str:
    """Return a text that is another one once any of these facts is.

    For what shares its row with other things that change: a pause does not make hours stale.
    """
    return hashlib.sha256(repr(sorted(facts.items())).encode()).hexdigest()[:32]

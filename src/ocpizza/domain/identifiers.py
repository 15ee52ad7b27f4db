"""What members of staff sign in with, made from their names where nobody typed it."""

import re
from collections.abc import Iterator
from itertools import count

from ocpizza.domain.sorting import reading_order

# Nobody's e-mail address: whose it is could not make an account any more.
IDENTIFIER = re.compile(r"[^\s@\x00-\x1f]{1,100}")
ANONYMOUS = "equipe"
MAX_MADE = 60


def made_identifiers(first_name: str, last_name: str) -> Iterator[str]:
    """Give « ana.munoz », then « ana.munoz2 », « ana.munoz3 » … for Ana Muñoz."""
    plain = (
        re.sub(r"[^a-z0-9]+", "-", reading_order(name)[0]).strip("-")
        for name in (first_name, last_name)
    )
    made = ".".join(filter(None, plain))[:MAX_MADE].strip(".-") or ANONYMOUS
    yield made
    for number in count(2):
        yield f"{made}{number}"

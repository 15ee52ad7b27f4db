"""Which towns a French postcode is of, by the official list (tools/make_towns.py)."""

from functools import cache
from pathlib import Path

LIST = Path(__file__).with_name("towns.txt")


def towns_of(postcode: str) -> list[str]:
    """Return the towns of a postcode of five digits, none for one that the list does not have."""
    names = all_towns().get(postcode)
    return names.split(";") if names else []


def only_town(postcode: str) -> str | None:
    """Return the town of a postcode if it can be no other."""
    names = towns_of(postcode)
    return names[0] if len(names) == 1 else None


@cache
def all_towns() -> dict[str, str]:
    """Return the list: its towns, between semicolons, by postcode."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1) for line in lines)

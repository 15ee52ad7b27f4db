"""A product's sizes as managers write them, and what its page's address is made of."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from ocpizza.column_types import Cents
from ocpizza.domain.sorting import reading_order


@dataclass(frozen=True, slots=True)
class SizeDraft:
    """A size as it was written; without an id it is new, and only then its price counts."""

    id: int | None
    name: str
    name_en: str
    factor_percent: int
    active: bool
    is_default: bool
    price_cents: Cents


def plain_words(name: str, length: int) -> str:
    """Return « creme-brulee » for « Crème brûlée », « 4-fromages » for « 4 fromages »."""
    return re.sub(r"[^a-z0-9]+", "-", reading_order(name)[0]).strip("-")[:length].strip("-")


def first_free(wanted: str, taken: Collection[str]) -> str:
    """Return what nobody has: as it is wanted, or with the first number that makes it so."""
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found

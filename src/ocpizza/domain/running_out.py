"""When an ingredient runs out, if it goes on being used as it was a week ago, at today's pace."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from ocpizza.domain.hours import same_hour

# Of a few orders nobody can tell a pace; a rush or a lull does not last.
FEWEST = 5
SLOWEST, QUICKEST = Fraction(1, 2), Fraction(2)


class Use(NamedTuple):
    """What an order of a week ago took of an ingredient; less than nothing was given back."""

    ingredient_id: int
    at: datetime
    quantity: int


def pace(today: int, a_week_ago: int) -> Fraction:
    """Return how quickly orders come today, where 1 is as a week ago by the same hour."""
    if a_week_ago < FEWEST:
        return Fraction(1)
    return min(max(Fraction(today, a_week_ago), SLOWEST), QUICKEST)


def runs_out(stock: Mapping[int, int], uses: Iterable[Use], pace: Fraction) -> dict[int, datetime]:
    """Return when each ingredient, of which there is some, will be gone: those that will be.

    `uses` are of a week ago, from this hour on and in their order.
    """
    used: Counter[int] = Counter()
    gone: dict[int, datetime] = {}
    for use in uses:
        left = stock.get(use.ingredient_id, 0)
        if not left or use.ingredient_id in gone:
            continue
        used[use.ingredient_id] += use.quantity
        if used[use.ingredient_id] * pace >= left:
            gone[use.ingredient_id] = same_hour(use.at, 7)
    return gone

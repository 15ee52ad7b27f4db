"""Periods of business days, and what is compared with what."""

from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

DAY = timedelta(days=1)


class Against(StrEnum):
    """What a period is compared with."""

    BEFORE = "before"
    LAST_YEAR = "last_year"


class Period(NamedTuple):
    """From a first to a last business day, both of them in it."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many there are."""
        return (self.last - self.first).days + 1

    def compared(self, against: Against) -> "Period":
        """Return as many days just before it, or the same ones of the year before."""
        if against is Against.BEFORE:
            return Period(self.first - self.days * DAY, self.first - DAY)
        return Period(_a_year_before(self.first), _a_year_before(self.last))


def change(now: int | None, before: int | None) -> int | None:
    """Return by how many percent something grew; None where there is nothing to grow from."""
    if now is None or not before:
        return None
    grown = 100 * (now - before)
    sign = -1 if grown < 0 else 1
    return sign * ((2 * abs(grown) + before) // (2 * before))


def _a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 2, 28)

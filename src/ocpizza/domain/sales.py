"""What was sold in a day or more, as managers read it."""

from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields

from ocpizza.column_types import Cents
from ocpizza.models.vat import BasisPoints


@dataclass(frozen=True)
class Figures:
    """What a restaurant sold: sums, so that those of days add up to those of a month.

    `orders` are those that were handed over, or paid for and not cancelled: an order counts on
    the day it was placed. `turnover_cents` is their total with the VAT of `vat_cents`, without
    tips; it is not less for `refunded_cents`, what was given back of it that day, of orders of any
    day: not what made up for an order that was cancelled or became cheaper.
    `waited_seconds` is from placing to handing over, of the `timed_orders`: those that were
    handed over the same day, and for which no hour had been wished. `late` are those that were at
    the door, or ready to be fetched, after the hour that had been promised.
    """

    orders: int = 0
    turnover_cents: Cents = 0
    vat_cents: Cents = 0
    refunded_cents: Cents = 0
    cancelled: int = 0
    not_delivered: int = 0
    timed_orders: int = 0
    waited_seconds: int = 0
    late: int = 0

    @property
    def average_cents(self) -> Cents | None:
        """What an order comes to, to the nearest cent; None without orders."""
        return _nearest(self.turnover_cents, self.orders)

    @property
    def waited_minutes(self) -> int | None:
        """How long one waited for an order, to the nearest minute; None where nobody knows."""
        return _nearest(self.waited_seconds, self.timed_orders * 60)

    @property
    def late_share(self) -> BasisPoints | None:
        """How many of the orders were late, to the nearest percent; None without orders."""
        share = _nearest(100 * self.late, self.orders)
        return None if share is None else 100 * share


NAMES = tuple(field.name for field in fields(Figures))


def total(figures: Iterable[Figures]) -> Figures:
    """Return the sums of several days."""
    return Figures(*map(sum, zip(*map(astuple, figures), strict=True)))


def _nearest(dividend: int, divisor: int) -> int | None:
    return (2 * dividend + divisor) // (2 * divisor) if divisor else None

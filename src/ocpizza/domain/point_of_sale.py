"""A restaurant as the shop needs it: where it is, when it is open, where it delivers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ocpizza.column_types import Cents
from ocpizza.domain.hours import (
    Exceptional,
    Opening,
    Span,
    business_day,
    closing_time,
    next_opening,
    within,
)
from ocpizza.models.vat import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class PointOfSale:
    """A restaurant with the hours and delivery postcodes that an order depends on."""

    id: int
    code: str
    slug: str
    name: str
    street: str
    postcode: str
    town: str
    phone: str
    email: str
    delivers: bool
    delivery_fee_cents: Cents
    minimum_order_cents: Cents
    preparation_minutes: int
    delivery_minutes: int
    openings: tuple[Opening, ...]
    postcodes: frozenset[str]
    paused_until: datetime | None = None
    pause_note: str | None = None
    exceptions: tuple[Exceptional, ...] = ()
    sells_alcohol: bool = False
    # When, in a business day; None: whenever it is open.
    alcohol_hours: Span | None = None
    # That of its company at Stripe, where it has one of its own.
    stripe_account: str | None = None

    def closes_at(self, now: datetime) -> datetime | None:
        """Return when it closes (UTC), None while it is closed."""
        return closing_time(self.openings, now, self.exceptions)

    def opens_at(self, now: datetime) -> datetime | None:
        """Return the next opening (UTC), None if there is none in sight."""
        return next_opening(self.openings, now, self.exceptions)

    def exceptional(self, now: datetime) -> list[Exceptional]:
        """Return what is exceptional today or in the week to come, the first first."""
        today = business_day(now)
        soon = today + timedelta(days=7)
        return [
            each for each in self.exceptions if each.last_day >= today and each.first_day <= soon
        ]

    def resumes_at(self, now: datetime) -> datetime | None:
        """Return when it takes orders from the web again (UTC), None while it does."""
        paused = self.paused_until is not None and now < self.paused_until
        return self.paused_until if paused else None

    def takes_orders(self, now: datetime) -> bool:
        """Return whether visitors may order now."""
        return self.closes_at(now) is not None and self.resumes_at(now) is None

    @property
    def modes(self) -> tuple[Mode, ...]:
        """How visitors may have what they order, the usual way first."""
        return (Mode.DELIVERY, Mode.TAKEAWAY) if self.delivers else (Mode.TAKEAWAY,)

    def sells_alcohol_at(self, now: datetime) -> bool:
        """Return whether it may sell alcohol at this instant, if it is open."""
        hours = self.alcohol_hours
        return self.sells_alcohol and (hours is None or within(hours, now))

    def promised_at(self, mode: Mode, now: datetime) -> datetime:
        """Return when an order that is placed now shall be there, or ready to be fetched."""
        way = self.delivery_minutes if mode is Mode.DELIVERY else 0
        return now + timedelta(minutes=self.preparation_minutes + way)

    def delivers_to(self, postcode: str) -> bool:
        """Return whether this postcode is one of its delivery postcodes."""
        return self.delivers and postcode in self.postcodes


def nearest(points: Iterable[PointOfSale], postcode: str) -> list[PointOfSale]:
    """Return restaurants, those first that are where a postcode is, as far as it tells."""

    def distance(point: PointOfSale) -> int:
        if point.postcode == postcode:
            return 0
        if postcode in point.postcodes:
            return 1
        # What is the same at first is the département, and in the large cities the city.
        return 2 if point.postcode[:2] == postcode[:2] else 3

    return sorted(points, key=distance)

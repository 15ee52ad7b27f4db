"""UC3.2: what a promotion takes off a basket, and what stands in the way of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, auto

from ocpizza.column_types import Cents
from ocpizza.domain.benefit import Benefit, Lines
from ocpizza.domain.checkout import OrderRefused
from ocpizza.domain.hours import Opening, business_day, closing_time

EVERY_DAY = 127
DAY_BEGINS, DAY_ENDS = 360, 1800
AROUND_BIRTHDAY = timedelta(days=3)


class Ineligibility(Enum):
    """Why a promotion does not hold."""

    SIGNED_OUT = auto()
    INACTIVE = auto()
    NOT_BEGUN = auto()
    ENDED = auto()
    WEEKDAY = auto()
    HOURS = auto()
    RESTAURANT = auto()
    TOTAL_LIMIT = auto()
    CUSTOMER_LIMIT = auto()
    FIRST_ORDER = auto()
    NO_BIRTHDAY = auto()
    BIRTHDAY = auto()
    PRODUCT = auto()
    MINIMUM = auto()


@dataclass(frozen=True, slots=True)
class Customer:
    """What a promotion may ask of a customer: their orders so far, their uses by promotion id."""

    has_ordered: bool = False
    birthday: date | None = None
    uses: Mapping[int, int] | None = None

    def used(self, promotion_id: int) -> int:
        return (self.uses or {}).get(promotion_id, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """A promotion with its conditions; without a restaurant it holds in all of them.

    Times are aware UTC, minutes those of a business day in Europe/Paris (`hours`).
    """

    id: int
    code: str
    name: str
    benefit: Benefit
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekday_mask: int = EVERY_DAY
    from_minute: int | None = None
    to_minute: int | None = None
    first_order_only: bool = False
    birthday_only: bool = False
    per_customer_limit: int | None = None
    total_limit: int | None = None
    times_used: int = 0
    active: bool = True
    restaurant_ids: frozenset[int] = frozenset()
    name_en: str = ""

    @property
    def weekdays(self) -> list[int]:
        """The weekdays on which it holds, 0 for Monday."""
        return [day for day in range(7) if self.weekday_mask >> day & 1]

    def ineligibilities(
        self, restaurant_id: int, customer: Customer | None, now: datetime
    ) -> Iterator[Ineligibility]:
        """Yield what stands in its way, whatever is in the basket; no customer is signed out."""
        if customer is None:
            yield Ineligibility.SIGNED_OUT
        if not self.active:
            yield Ineligibility.INACTIVE
        if self.restaurant_ids and restaurant_id not in self.restaurant_ids:
            yield Ineligibility.RESTAURANT
        yield from self._out_of_time(now)
        if self.total_limit is not None and self.times_used >= self.total_limit:
            yield Ineligibility.TOTAL_LIMIT
        if customer:
            yield from self._not_for(customer, now)

    def _out_of_time(self, now: datetime) -> Iterator[Ineligibility]:
        if self.starts_at and now < self.starts_at:
            yield Ineligibility.NOT_BEGUN
        if self.ends_at and now >= self.ends_at:
            yield Ineligibility.ENDED
        today = business_day(now).weekday()
        if today not in self.weekdays:
            yield Ineligibility.WEEKDAY
        from_minute = DAY_BEGINS if self.from_minute is None else self.from_minute
        to_minute = DAY_ENDS if self.to_minute is None else self.to_minute
        if closing_time([Opening(today, from_minute, to_minute)], now) is None:
            yield Ineligibility.HOURS

    def _not_for(self, customer: Customer, now: datetime) -> Iterator[Ineligibility]:
        limit = self.per_customer_limit
        if limit is not None and customer.used(self.id) >= limit:
            yield Ineligibility.CUSTOMER_LIMIT
        if self.first_order_only and customer.has_ordered:
            yield Ineligibility.FIRST_ORDER
        if self.birthday_only:
            yield from _not_birthday(customer.birthday, business_day(now))


@dataclass(frozen=True, slots=True)
class Verdict:
    """A promotion in a basket: what it takes off, or the obstacles in its way."""

    terms: Terms
    ineligibilities: tuple[Ineligibility, ...]
    discount_cents: Cents
    missing_cents: Cents

    @property
    def holds(self) -> bool:
        return not self.ineligibilities

    @property
    def promotion_id(self) -> int | None:
        """Its id while it holds."""
        return self.terms.id if self.holds else None


@dataclass
class PromotionLost(OrderRefused):
    """The promotion that the page showed does not hold; `total_cents` is the total without it."""

    verdict: Verdict
    total_cents: Cents


def judge(
    terms: Terms, restaurant_id: int, customer: Customer | None, lines: Lines, now: datetime
) -> Verdict:
    """Return whether a promotion holds for these items, and what it takes off."""
    return _verdict(terms, lines, terms.ineligibilities(restaurant_id, customer, now))


def judge_agreed(terms: Terms, lines: Lines) -> Verdict:
    """The same of a promotion that an order has: only what the order holds counts (UC1.3)."""
    return _verdict(terms, lines, ())


def around_birthday(birthday: date, day: date) -> bool:
    """Return whether a day is in the week around a birthday: from three days before to three after.

    Whoever was born on 29 February has theirs on the 28th in other years.
    """
    years = (day.year - 1, day.year, day.year + 1)
    return any(abs(day - _in_year(birthday, year)) <= AROUND_BIRTHDAY for year in years)


def _verdict(terms: Terms, lines: Lines, ineligibilities: Iterable[Ineligibility]) -> Verdict:
    benefit, found = terms.benefit, list(ineligibilities)
    if benefit.lacks_product(lines):
        found.append(Ineligibility.PRODUCT)
    if missing := benefit.missing_cents(lines):
        found.append(Ineligibility.MINIMUM)
    return Verdict(terms, tuple(found), 0 if found else benefit.discount_cents(lines), missing)


def _not_birthday(birthday: date | None, day: date) -> Iterator[Ineligibility]:
    if birthday is None:
        yield Ineligibility.NO_BIRTHDAY
    elif not around_birthday(birthday, day):
        yield Ineligibility.BIRTHDAY


def _in_year(birthday: date, year: int) -> date:
    try:
        return birthday.replace(year=year)
    except ValueError:
        return date(year, 2, 28)

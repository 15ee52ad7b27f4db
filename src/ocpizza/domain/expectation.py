"""When an order is to be expected, as its life goes on: never at a time that is past."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, Protocol

from ocpizza.models.order_status import ENDED, Status
from ocpizza.models.vat import Mode

STEP = timedelta(minutes=5)
# A promise that is missed by less is kept: nobody is told twice of four minutes.
GRACE = timedelta(minutes=5)
ALWAYS_CHANGING = datetime.min.replace(tzinfo=UTC)
NEVER_CHANGING = datetime.max.replace(tzinfo=UTC)


class Pace(NamedTuple):
    """How many minutes a restaurant takes, to prepare and to drive."""

    preparation: int
    delivery: int


class Expectation(NamedTuple):
    """When it will be there, or was; `later` than what was promised; `over` when it has ended."""

    at: datetime
    later: bool = False
    over: bool = False


class Paced(Protocol):
    """What of a restaurant says how long it takes."""

    @property
    def preparation_minutes(self) -> int: ...
    @property
    def delivery_minutes(self) -> int: ...


class Awaited(Protocol):
    """What of an order says when to expect it."""

    @property
    def status(self) -> Status: ...
    @property
    def mode(self) -> Mode: ...
    @property
    def expected_at(self) -> datetime: ...
    @property
    def reached(self) -> Mapping[Status, datetime]: ...
    @property
    def restaurant(self) -> Paced: ...


def expectation_of(order: Awaited, now: datetime) -> Expectation | None:
    """Return when to expect an order, or when it ended."""
    restaurant = order.restaurant
    pace = Pace(restaurant.preparation_minutes, restaurant.delivery_minutes)
    return expectation(order.status, order.mode, order.expected_at, order.reached, pace, now)


def expectation(
    status: Status,
    mode: Mode,
    promised_at: datetime,
    reached: Mapping[Status, datetime],
    pace: Pace,
    now: datetime,
) -> Expectation | None:
    """Return when to expect an order, by what is left to do; when it ended, if it has.

    None where there is nothing to wait for: it is not confirmed, or it is to be fetched.
    """
    if status in ENDED:
        return Expectation(reached[status], over=True) if status in reached else None
    if _awaits_nothing(status, mode):
        return None
    soonest = now + _left(status, mode, pace)
    if status is Status.OUT_FOR_DELIVERY and status in reached:
        arrives = reached[status] + timedelta(minutes=pace.delivery)
        promised_at, soonest = min(promised_at, arrives), max(soonest, arrives)
    if promised_at > now and soonest <= promised_at + GRACE:
        return Expectation(promised_at)
    return Expectation(_rounded_up(max(soonest, now + GRACE)), later=True)


def steady_until(status: Status, mode: Mode, promised_at: datetime, pace: Pace) -> datetime:
    """Return until when at least `expectation` says the same if nothing is done meanwhile."""
    if status is Status.OUT_FOR_DELIVERY:
        # By when it left, which is not asked for.
        return ALWAYS_CHANGING
    if _awaits_nothing(status, mode):
        return NEVER_CHANGING
    return promised_at + min(timedelta(), GRACE - _left(status, mode, pace))


def _awaits_nothing(status: Status, mode: Mode) -> bool:
    ready_to_fetch = status is Status.READY and mode is not Mode.DELIVERY
    return status in ENDED or status is Status.AWAITING_PAYMENT or ready_to_fetch


def _left(status: Status, mode: Mode, pace: Pace) -> timedelta:
    """Return the least that is still to be done; cooking takes half of what preparing takes."""
    minutes = 0.0
    if status in (Status.TO_PREPARE, Status.ACCEPTED):
        minutes += pace.preparation / 2
    if mode is Mode.DELIVERY and status is not Status.OUT_FOR_DELIVERY:
        minutes += pace.delivery
    return timedelta(minutes=minutes)


def _rounded_up(at: datetime) -> datetime:
    """Return the next full five minutes: an estimate claims no more than it knows."""
    over = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at + STEP - over if over else at

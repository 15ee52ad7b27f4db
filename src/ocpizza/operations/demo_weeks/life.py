"""What happens to an order of the demo's weeks, from its first moment to its end or until now."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto
from random import Random
from typing import NamedTuple

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.domain.payment import PAYMENT_WINDOW
from ocpizza.models.account import Role
from ocpizza.models.order import Source
from ocpizza.models.order_status import EndingReason, Status, UndeliveredReason
from ocpizza.models.payment import Means, PaymentEvent
from ocpizza.models.vat import Mode
from ocpizza.operations.demo_weeks.house import House

NOBODY = Author(None, Role.CUSTOMER)
UNDELIVERED_NOTES = {
    UndeliveredReason.NOBODY_THERE: "Personne à la porte, injoignable",
    UndeliveredReason.NOT_COLLECTED: "Appelé deux fois, sans réponse",
    UndeliveredReason.SPOILED: "Renversée en route",
}
CANCELLED_NOTES = ("Le client a rappelé", "Commandée deux fois", "Trop d’attente")
REFUND_NOTES = ("Pizza froide", "Boisson oubliée", "Livrée très en retard", "Mauvaise pizza")


class Fate(Enum):
    """How an order ends."""

    DELIVERED = auto()
    NOT_PAID = auto()
    CANCELLED = auto()
    NOT_DELIVERED = auto()


class Plan(NamedTuple):
    """What was ordered where, as far as its life depends on it; `way` is minutes to the door."""

    house: House
    mode: Mode
    source: Source
    means: Means
    cents: Cents
    account_id: int | None
    at: datetime
    way: int

    @property
    def online(self) -> bool:
        return self.means is Means.ONLINE_CARD


class Event(NamedTuple):
    """A status, or what happened to the payment."""

    at: datetime
    what: Status | PaymentEvent
    author: Author | None


@dataclass(frozen=True)
class Refund:
    """Money given back, by whom and why."""

    at: datetime
    cents: Cents
    author: Author
    note: str


@dataclass(frozen=True)
class Life:
    """An order's events in their order; the money that was received and given back."""

    events: list[Event]
    confirmed_at: datetime
    paid_at: datetime | None = None
    received_by: Author | None = None
    refund: Refund | None = None
    ending_reason: EndingReason | None = None
    ending_note: str | None = None
    undelivered_reason: UndeliveredReason | None = None

    @property
    def statuses(self) -> dict[Status, Event]:
        return {each.what: each for each in self.events if isinstance(each.what, Status)}

    @property
    def status(self) -> Status:
        return list(self.statuses)[-1]

    def until(self, now: datetime) -> "Life":
        """Return how far it has come."""
        ended = self.events[-1].at <= now
        refund = self.refund if ended else None
        given = self.refund.at if self.refund and not refund else None
        return replace(
            self,
            events=[
                each
                for each in self.events
                if each.at <= now and (given is None or each.at < given)
            ],
            paid_at=self.paid_at if self.paid_at and self.paid_at <= now else None,
            refund=refund,
            ending_reason=self.ending_reason if ended else None,
            ending_note=self.ending_note if ended else None,
            undelivered_reason=self.undelivered_reason if ended else None,
        )


def draw_fate(plan: Plan, chance: Random) -> Fate:
    """Return how an order ends; most reach their customers."""
    drawn = chance.random()
    if plan.online and drawn < 0.015:
        return Fate.NOT_PAID
    if plan.source is Source.COUNTER or drawn > 0.05:
        return Fate.DELIVERED
    return Fate.CANCELLED if drawn < 0.038 else Fate.NOT_DELIVERED


def live(plan: Plan, fate: Fate, busy: float, chance: Random) -> Life:
    """Return all that happens to an order; in a rush everything takes longer."""
    begun, confirmed_at = _begin(plan, fate, chance)
    life = Life(begun, confirmed_at)
    if fate is Fate.NOT_PAID:
        return replace(life, ending_reason=EndingReason.NOT_PAID)
    if fate is Fate.CANCELLED:
        return _cancel(plan, life, chance)
    return _work(plan, fate, life, busy, chance)


def _minutes(least: float, most: float, chance: Random) -> timedelta:
    return timedelta(seconds=round(60 * chance.uniform(least, most)))


def _begin(plan: Plan, fate: Fate, chance: Random) -> tuple[list[Event], datetime]:
    first = _who_orders(plan, chance)
    if not plan.online:
        return [Event(plan.at, Status.TO_PREPARE, first)], plan.at
    waits = Event(plan.at, Status.AWAITING_PAYMENT, first)
    if fate is Fate.NOT_PAID:
        return [waits, Event(plan.at + PAYMENT_WINDOW, Status.CANCELLED, None)], plan.at
    at = plan.at + _minutes(0.4, 0.9, chance)
    confirmed = Event(at, Status.TO_PREPARE, None)
    return [waits, Event(at, PaymentEvent.AUTHORISED, None), confirmed], at


def _who_orders(plan: Plan, chance: Random) -> Author:
    if plan.source is Source.WEB:
        return replace(NOBODY, account_id=plan.account_id)
    return plan.house.one_of(Role.CASHIER, chance)


def _cancel(plan: Plan, life: Life, chance: Random) -> Life:
    at = life.confirmed_at + _minutes(1, 6, chance)
    if plan.source is Source.WEB and chance.random() < 0.6:
        author, note = _who_orders(plan, chance), None
    else:
        author, note = plan.house.one_of(Role.CASHIER, chance), chance.choice(CANCELLED_NOTES)
    return replace(
        life, events=[*life.events, Event(at, Status.CANCELLED, author)], ending_note=note
    )


def _work(plan: Plan, fate: Fate, life: Life, busy: float, chance: Random) -> Life:
    cook = plan.house.one_of(Role.PIZZAIOLO, chance)
    events = [*life.events, *_kitchen(plan, life.confirmed_at, busy, cook, chance)]
    handed_by = plan.house.one_of(Role.CASHIER, chance)
    if plan.mode is Mode.DELIVERY:
        handed_by = plan.house.one_of(Role.DRIVER, chance)
        left = events[-1].at + _minutes(1, 3 + 4 * busy, chance)
        events.append(Event(left, Status.OUT_FOR_DELIVERY, handed_by))
        end = left + plan.way * _minutes(0.4, 0.85 + 0.2 * busy, chance)
    else:
        end = events[-1].at + _minutes(0.5, 5, chance)
    captured = next((each.at for each in events if each.what is Status.PREPARING), None)
    if fate is Fate.NOT_DELIVERED:
        # A manager says so once nobody came.
        manager = plan.house.one_of(Role.MANAGER, chance)
        events.append(Event(end + _minutes(8, 20, chance), Status.NOT_DELIVERED, manager))
        why = UndeliveredReason.NOT_COLLECTED
        if plan.mode is Mode.DELIVERY:
            why = chance.choice((UndeliveredReason.NOBODY_THERE, UndeliveredReason.SPOILED))
        note = UNDELIVERED_NOTES[why]
        life = replace(life, events=events, ending_note=note, undelivered_reason=why)
        return replace(life, paid_at=captured) if plan.online else life
    events.append(Event(end, Status.DELIVERED, handed_by))
    paid_at = captured if plan.online else end
    if plan.cents == 0:
        return replace(life, events=events)
    life = replace(life, events=events, paid_at=paid_at, received_by=handed_by)
    return _give_back(plan, life, end, chance)


def _kitchen(
    plan: Plan, at: datetime, busy: float, cook: Author, chance: Random
) -> Iterator[Event]:
    at += _minutes(0.3, 1.5 + 2.5 * busy, chance)
    yield Event(at, Status.ACCEPTED, cook)
    at += _minutes(0.2, 1, chance)
    yield Event(at, Status.PREPARING, cook)
    if plan.online:
        yield Event(at, PaymentEvent.CAPTURED, None)
    at += plan.house.preparation_minutes * _minutes(0.3, 0.5 + 0.2 * busy, chance)
    # An oven that is down, a cook who is alone.
    if chance.random() < 0.02 + 0.06 * busy:
        at += _minutes(8, 25, chance)
    yield Event(at, Status.READY, cook)


def _give_back(plan: Plan, life: Life, end: datetime, chance: Random) -> Life:
    if chance.random() > 0.02:
        return life
    at, manager = end + _minutes(15, 90, chance), plan.house.one_of(Role.MANAGER, chance)
    share = chance.choice((20, 30, 50, 100))
    cents = max(1, plan.cents * share // 100)
    refund = Refund(at, cents, manager, chance.choice(REFUND_NOTES))
    events = [*life.events, Event(at, PaymentEvent.REFUNDED, manager)]
    if plan.online:
        events.insert(-1, Event(at, PaymentEvent.REFUND_REQUESTED, manager))
        events[-1] = Event(at + timedelta(seconds=4), PaymentEvent.REFUNDED, None)
        refund = replace(refund, at=at)
    return replace(life, events=events, refund=refund)

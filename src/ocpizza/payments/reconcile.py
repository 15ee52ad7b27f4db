"""`ocpizza payments reconcile`: bring every payment in line with what Stripe says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Engine, and_, or_, select
from sqlalchemy.orm import Session

from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment
from ocpizza.payments.gateway import Gateway
from ocpizza.payments.remove import remove_due
from ocpizza.payments.settle import settle

# Stripe releases what was authorised after seven days; refunds by hand come later.
LOOK_BACK = timedelta(days=60)
# So many payments in a row without an answer, and nobody is there.
PATIENCE = 3
# What is open has not been settled.
OPEN = Payment.settled_at.is_(None)
# What a line may be about a change of.
PAYMENTS, REMOVALS = "payments", "removals"


class StripeSilent(Exception):
    """Stripe does not answer: what is left to ask is asked another time."""


class Line(NamedTuple):
    """What there is to say, and what it says that was changed: nothing, if it is a question."""

    text: str
    changed: str = ""


class Seen(NamedTuple):
    """A payment as it was before or after."""

    id: int
    order: str
    order_status: str
    payment: str
    payment_status: str
    refusal: str | None
    attempts: int


def reconcile(
    engine: Engine, gateway: Gateway, now: datetime, look_back: timedelta = LOOK_BACK
) -> Iterator[Line]:
    """Settle every payment that is open or recent; a line for each that changed or is unknown.

    Then take away what Stripe is still to forget. Raises StripeSilent when it answers no more.
    Without keys nobody is asked: what waits for them is counted, and nothing fails.
    """
    if not gateway.available:
        yield from _without_keys(engine, gateway, now)
        return
    silent = 0
    for payment_id in _ids(engine, or_(OPEN, Payment.settled_at > now - look_back)):
        before = _see(engine, payment_id)
        heard = settle(engine, gateway, payment_id, now)
        yield from _told(before, _see(engine, payment_id), heard)
        silent = 0 if heard else silent + 1
        if silent == PATIENCE:
            raise StripeSilent("Stripe does not answer: the rest is asked another time")
    while stripe_id := remove_due(engine, gateway, now):
        yield Line(f"{stripe_id} removed at Stripe", REMOVALS)


def _without_keys(engine: Engine, gateway: Gateway, now: datetime) -> Iterator[Line]:
    """Close what Stripe was never told of, and say how many wait for keys.

    A settled payment is left alone: to ask about it in vain would make it one that is stuck.
    """
    for payment_id in _ids(engine, and_(OPEN, Payment.stripe_intent_id.is_(None))):
        before = _see(engine, payment_id)
        settle(engine, gateway, payment_id, now)
        told = _told(before, _see(engine, payment_id), heard=True)
        yield from (line for line in told if line.changed)
    if waiting := len(_ids(engine, OPEN)):
        yield Line(f"payments that wait for the keys of [stripe] in ocpizza.ini: {waiting}")


def _ids(engine: Engine, which: ColumnElement[bool]) -> list[int]:
    with Session(engine) as session:
        # Forms of the till have keys, too: Stripe knows nothing of what was received by hand.
        online = Payment.means == Means.ONLINE_CARD, Payment.idempotency_key.is_not(None)
        query = select(Payment.id).where(*online, which)
        return list(session.scalars(query.order_by(Payment.id)))


def _told(before: Seen, after: Seen, heard: bool) -> Iterator[Line]:
    """Yield a line where there is anything to say; attempts come and go without a change."""
    says = [
        f"{name.replace('_', ' ')} {old} → {new}"
        for name, old, new in zip(Seen._fields, before, after, strict=True)
        if old != new and name not in ("attempts", "refusal")
    ]
    changed = PAYMENTS if says else ""
    if not heard:
        says.append("no answer, to be asked again")
    elif after.attempts > before.attempts:
        says.append(f"refused ({after.refusal}), to be asked again")
    elif after.attempts < before.attempts and not says:
        says.append("answered")
    if says:
        yield Line(f"payment {after.id} of order {after.order}: {', '.join(says)}", changed)


def _see(engine: Engine, payment_id: int) -> Seen:
    with Session(engine) as session:
        query = (
            select(
                Payment.id,
                Order.number,
                Order.status,
                Payment.state,
                Order.payment_status,
                Payment.refusal,
                Payment.attempts,
            )
            .join(Order, Order.id == Payment.order_id)
            .where(Payment.id == payment_id)
        )
        return Seen(*session.execute(query).one())

"""`ocpizza payments reconcile`: bring every payment in line with what Stripe says."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import Session

from ocpizza.models.order import Order
from ocpizza.models.payment import Payment
from ocpizza.payments.gateway import Gateway
from ocpizza.payments.remove import remove_due
from ocpizza.payments.settle import settle

# Stripe releases what was authorised after seven days; refunds by hand come later.
LOOK_BACK = timedelta(days=60)
# So many payments in a row without an answer, and nobody is there.
PATIENCE = 3


class StripeSilent(Exception):
    """Stripe does not answer: what is left to ask is asked another time."""


class Seen(NamedTuple):
    """A payment as it was before or after."""

    id: int
    order: str
    order_status: str
    payment: str
    payment_status: str
    attempts: int


def reconcile(
    engine: Engine, gateway: Gateway, now: datetime, look_back: timedelta = LOOK_BACK
) -> Iterator[str]:
    """Settle every payment that is open or recent; a line for each that changed or is unknown.

    Then take away what Stripe is still to forget. Raises StripeSilent when it answers no more.
    """
    with Session(engine) as session:
        # What is open has not been settled.
        open_or_recent = or_(Payment.settled_at.is_(None), Payment.settled_at > now - look_back)
        query = select(Payment.id).where(Payment.idempotency_key.is_not(None), open_or_recent)
        ids = list(session.scalars(query.order_by(Payment.id)))
    silent = 0
    for payment_id in ids:
        before = _see(engine, payment_id)
        settle(engine, gateway, payment_id, now)
        after = _see(engine, payment_id)
        silent = silent + 1 if after.attempts > before.attempts else 0
        if silent:
            yield f"payment {after.id} of order {after.order}: no answer, to be asked again"
            if silent == PATIENCE:
                raise StripeSilent("Stripe does not answer: the rest is asked another time")
        elif after != before:
            yield _told(before, after)
    while stripe_id := remove_due(engine, gateway, now):
        yield f"{stripe_id} removed at Stripe"


def _told(before: Seen, after: Seen) -> str:
    changes = [
        f"{name.replace('_', ' ')} {old} → {new}"
        for name, old, new in zip(Seen._fields, before, after, strict=True)
        if old != new and name != "attempts"
    ]
    return f"payment {after.id} of order {after.order}: {', '.join(changes) or 'answered'}"


def _see(engine: Engine, payment_id: int) -> Seen:
    with Session(engine) as session:
        query = (
            select(
                Payment.id,
                Order.number,
                Order.status,
                Payment.state,
                Order.payment_status,
                Payment.attempts,
            )
            .join(Order, Order.id == Payment.order_id)
            .where(Payment.id == payment_id)
        )
        return Seen(*session.execute(query).one())

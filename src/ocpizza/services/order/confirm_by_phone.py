"""« À rappeler »: the counter confirms an order by telephone, or it is cancelled in time."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, written_by
from ocpizza.models.mail import MailKind
from ocpizza.models.order import Order
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import EndingReason, Status
from ocpizza.services.locks import lock_order
from ocpizza.services.order.cancel import Ending, cancel_order
from ocpizza.services.order.notify import notify_customer

CONFIRMED = "confirmed_by_phone"


def confirm_by_phone(session: Session, order_id: int, author: Author, now: datetime) -> bool:
    """Let the kitchen begin an order, for its customer was reached; False where it was no use."""
    order = lock_order(session, order_id)
    if order.confirm_by is None or order.status is not Status.TO_PREPARE:
        return False
    order.confirm_by, order.confirmed_at = None, now
    order.expected_at += now - order.placed_at
    session.add(
        OrderEvent(
            order_id=order.id,
            kind=EventKind.NOTE,
            note=CONFIRMED,
            at=now,
            **written_by(author),
        )
    )
    notify_customer(session, order, MailKind.ORDER_CONFIRMED, now)
    return True


def cancel_unconfirmed(session: Session, now: datetime) -> bool:
    """Cancel the order that has waited longest for a call that did not come; whether there was one.

    Its ingredients are for others.
    """
    order_id = session.scalar(
        select(Order.id)
        .where(Order.confirm_by <= now, Order.status == Status.TO_PREPARE)
        .order_by(Order.confirm_by)
        .limit(1)
        .with_for_update(of=Order, skip_locked=True)
    )
    not_reached = Ending(EndingReason.NOT_REACHED)
    return order_id is not None and cancel_order(session, order_id, None, now, not_reached)

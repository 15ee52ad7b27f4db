"""What happens to a payment is told on its order: its payment status, and an event."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, written_by
from ocpizza.models.order import Order
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.payment import PaymentEvent, payment_status
from ocpizza.services.payment.queries import payments_of


def record_payment_event(
    session: Session, order: Order, kind: PaymentEvent, now: datetime, author: Author | None = None
) -> None:
    """Write an event, and the status that follows from the payments of the locked order."""
    event = OrderEvent(
        order_id=order.id,
        kind=EventKind.PAYMENT,
        note=str(kind),
        at=now,
        **written_by(author),
    )
    session.add(event)
    update_status(session, order)


def update_status(session: Session, order: Order) -> None:
    """Derive the order's payment status from its payments."""
    session.flush()
    order.payment_status = payment_status(payments_of(session, order.id))

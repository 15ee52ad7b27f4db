"""What happened to an order, as a row."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, written_by
from ocpizza.models.order import Order
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status


def status_event(status: Status, author: Author | None, at: datetime) -> OrderEvent:
    """Return the event that tells of a new status."""
    return OrderEvent(
        kind=EventKind.STATUS,
        status=status,
        at=at,
        **written_by(author),
    )


def record_status(session: Session, order: Order, author: Author | None, at: datetime) -> None:
    """Write the event that tells of the status that a locked order has just come to."""
    event = status_event(order.status, author, at)
    event.order_id = order.id
    session.add(event)

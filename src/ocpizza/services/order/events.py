"""What happened to an order, as a row."""

from datetime import datetime
from typing import cast

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, written_by
from ocpizza.models.order import Order
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status

# What tells how an order's status went.
STATUS_CHANGES = (EventKind.STATUS, EventKind.UNDONE)
INSERT_EVENT = insert(cast(Table, OrderEvent.__table__))


def status_event(
    status: Status, author: Author | None, at: datetime, tapped_at: datetime | None = None
) -> OrderEvent:
    """Return the event that tells of a new status."""
    return OrderEvent(
        kind=EventKind.STATUS,
        status=status,
        at=at,
        tapped_at=tapped_at,
        **written_by(author),
    )


def write_status(
    session: Session, order_id: int, status: Status, author: Author | None, at: datetime
) -> None:
    """Insert the event that tells of the first status of an order."""
    values = {"order_id": order_id, "kind": EventKind.STATUS, "status": status, "at": at}
    session.execute(INSERT_EVENT, values | written_by(author))


def record_status(
    session: Session,
    order: Order,
    author: Author | None,
    at: datetime,
    tapped_at: datetime | None = None,
) -> None:
    """Write the event that tells of the status that a locked order has just come to."""
    event = status_event(order.status, author, at, tapped_at)
    event.order_id = order.id
    undone = OrderEvent.order_id == order.id, OrderEvent.kind == EventKind.UNDONE
    event.undone_before = session.scalar(select(func.count()).where(*undone)) or 0
    session.add(event)


def undone_event(undone: OrderEvent, author: Author, at: datetime) -> OrderEvent:
    """Return the event that takes a change of status back."""
    return OrderEvent(
        order_id=undone.order_id,
        kind=EventKind.UNDONE,
        undoes_id=undone.id,
        at=at,
        **written_by(author),
    )


def status_changes(session: Session, order_id: int) -> list[OrderEvent]:
    """Return the changes of an order's status and what took them back, in order."""
    query = select(OrderEvent).where(
        OrderEvent.order_id == order_id, OrderEvent.kind.in_(STATUS_CHANGES)
    )
    return list(session.scalars(query.order_by(OrderEvent.id)))

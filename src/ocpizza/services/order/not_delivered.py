"""« Non remise »: a ready order reaches nobody; a driver says so, a manager decides."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, written_by
from ocpizza.models.account import Role
from ocpizza.models.order import TRANSITIONS, Order
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status, UndeliveredReason
from ocpizza.services.locks import lock_order
from ocpizza.services.order.advance import NotAllowed, stale_status
from ocpizza.services.order.events import record_status

NOBODY = "nobody_there"


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The status that a manager saw, why the order reached nobody, and what they add."""

    before: Status
    reason: UndeliveredReason
    note: str = ""


def note_nobody(
    session: Session,
    order_id: int,
    author: Author,
    now: datetime,
    tapped_at: datetime | None = None,
) -> bool:
    """Tell the manager that nobody opened; False where its driver had told so already.

    The order stays on the road: its driver may wait, or try again. Raises StaleStatus when it is
    not on the road any more, NotAllowed when a colleague carries it.
    """
    order = lock_order(session, order_id)
    if order.status is not Status.OUT_FOR_DELIVERY:
        raise stale_status(session, order)
    if author.role is Role.DRIVER and order.driver_id != author.account_id:
        raise NotAllowed
    if order.nobody_at is not None:
        return False
    order.nobody_at = tapped_at or now
    told = written_by(author)
    event = OrderEvent(order_id=order.id, kind=EventKind.NOTE, note=NOBODY, at=now, **told)
    event.tapped_at = tapped_at
    session.add(event)
    return True


def end_undelivered(
    session: Session, order_id: int, ending: Undelivered, author: Author, now: datetime
) -> Order:
    """End an order that reached nobody: no stock comes back, no money moves by itself.

    Raises StaleStatus when it has another status by now, NotAllowed when TRANSITIONS has no such
    step for the author's role.
    """
    order = lock_order(session, order_id)
    if order.status is not ending.before:
        raise stale_status(session, order)
    roles = TRANSITIONS.get((order.status, Status.NOT_DELIVERED), {}).get(order.mode, ())
    if author.role not in roles:
        raise NotAllowed
    # The note first: the database wants one, be it empty, of an order with this status.
    order.ending_note, order.undelivered_reason = ending.note, ending.reason
    order.status = Status.NOT_DELIVERED
    record_status(session, order, author, now)
    return order

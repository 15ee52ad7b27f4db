"""UC4.1: a wrong tap is taken back within ten seconds, as long as nothing has followed from it."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.models.order import KITCHEN, TRANSITIONS, UNDO, UNDOABLE, Order
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import OPEN, Status
from ocpizza.services.locks import lock_order
from ocpizza.services.order.advance import NotAllowed, stale_status
from ocpizza.services.order.events import STATUS_CHANGES, status_changes, undone_event
from ocpizza.services.order.notify import withdraw_news
from ocpizza.services.payment.goal import withdraw_capture

LAST_STEPS = (
    select(Order, OrderEvent)
    .join(OrderEvent, OrderEvent.order_id == Order.id)
    .where(
        Order.restaurant_id == bindparam("restaurant_id"),
        Order.status.in_(OPEN),
        OrderEvent.at >= bindparam("since"),
        OrderEvent.kind.in_(STATUS_CHANGES),
    )
    .order_by(OrderEvent.id)
)


class TooLateToUndo(Exception):
    """The ten seconds are over, or what follows from the step has begun."""


def undo_step(
    session: Session, order_id: int, event_id: int, author: Author, now: datetime
) -> Order:
    """Take back an order's last change of status: it is again what it was before.

    What was to follow (the capture, the mail) is withdrawn with it. A change of the order that its
    preparation ended stays abandoned: the customer may make it again.

    Raises StaleStatus where this event is not the last change, NotAllowed where the step is none
    that may be undone or its author is neither who made it nor of the kitchen that did, and
    TooLateToUndo; with nothing changed.
    """
    order = lock_order(session, order_id)
    last = status_changes(session, order_id)[-1]
    if last.id != event_id or last.kind is not EventKind.STATUS:
        raise stale_status(session, order)
    before = _before(order, last, author)
    if before is None:
        raise NotAllowed
    if now - last.at > UNDO:
        raise TooLateToUndo
    # A later step asks for no capture: that of the one before it stands.
    captures = order.status is Status.PREPARING
    with session.begin_nested():
        if not withdraw_news(session, order) or (captures and not withdraw_capture(session, order)):
            raise TooLateToUndo
    if order.status is Status.ACCEPTED:
        order.pizzaiolo_id = None
    if order.status is Status.OUT_FOR_DELIVERY:
        order.driver_id = None
    order.status = before
    session.add(undone_event(last, author, now))
    return order


def list_undoable(
    session: Session, restaurant_id: int, author: Author, now: datetime
) -> dict[int, OrderEvent]:
    """Return the steps of a restaurant that somebody may take back now, by the order's id."""
    values = {"restaurant_id": restaurant_id, "since": now - UNDO}
    last: dict[Order, OrderEvent] = dict(session.execute(LAST_STEPS, values).all())
    return {order.id: event for order, event in last.items() if _before(order, event, author)}


def undoable_step(order: Order, author: Author, now: datetime) -> OrderEvent | None:
    """Return the step of an order, loaded whole, that somebody may take back now."""
    last = [event for event in order.events if event.kind in STATUS_CHANGES][-1]
    return last if now - last.at <= UNDO and _before(order, last, author) else None


def _before(order: Order, made: OrderEvent, author: Author) -> Status | None:
    """Return the status that an order comes back to when somebody undoes its last change, if so."""
    stands = made.kind is EventKind.STATUS and made.status is order.status
    # Whoever was at the door has left.
    if not stands or order.nobody_at is not None:
        return None
    own = made.author_id is not None and made.author_id == author.account_id
    for before, after in UNDOABLE:
        roles = TRANSITIONS[before, after].get(order.mode, ())
        if after is order.status and author.role in roles and (own or author.role in KITCHEN):
            return before
    return None

"""UC4.1: change an order's status, once, in order, by whom may."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.author import Author
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Account, Role
from ocpizza.models.order import TRANSITIONS, UNDO, UNDOABLE, Order
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.services.locks import lock_order
from ocpizza.services.order.events import STATUS_CHANGES, record_status
from ocpizza.services.order.notify import notify_status
from ocpizza.services.order.pending_change import abandon_change
from ocpizza.services.payment.goal import capture_payment

# These also give stock or money back, or need a reason: they are not set from here.
MORE_THAN_A_STATUS = frozenset({Status.CANCELLED, Status.NOT_DELIVERED})


@dataclass
class StaleStatus(StaleVersion):
    """Somebody else has already changed it: the status now, who set it (if known) and when."""

    status: Status
    author_name: str
    at: datetime


class NotAllowed(Exception):
    """This person may not set this status on this order."""


class Step(NamedTuple):
    """The status that somebody saw, and the one they take the order to.

    `tapped_at` is when they pressed, where that came here later.
    """

    before: Status
    after: Status
    tapped_at: datetime | None = None


def advance_order(
    session: Session, order_id: int, step: Step, author: Author, now: datetime
) -> Order:
    """Take an order from the status that its author saw to the next one.

    When preparation begins, what was authorised online is to be captured: Stripe is told once the
    step can no longer be undone (`undo`), as the customer is.

    Raises StaleStatus when the order has another status by now, NotAllowed when TRANSITIONS has no
    such step for the author's role, when a colleague carries it, while the counter has still to
    confirm it by telephone, or when it is more than a change of status.
    """
    order = lock_order(session, order_id)
    before, after, tapped_at = step
    if order.status is not before:
        raise stale_status(session, order)
    _check_may(order, after, author)
    order.status = after
    if author.role is Role.PIZZAIOLO or after is Status.ACCEPTED:
        order.pizzaiolo_id = order.pizzaiolo_id or author.account_id
    if after is Status.OUT_FOR_DELIVERY:
        order.driver_id = author.account_id
    if after is Status.PREPARING:
        abandon_change(session, order, now)
        capture_payment(session, order, now)
    record_status(session, order, author, now, tapped_at)
    notify_status(session, order, now, now + UNDO if (before, after) in UNDOABLE else None)
    return order


def _check_may(order: Order, after: Status, author: Author) -> None:
    roles = TRANSITIONS.get((order.status, after), {}).get(order.mode, ())
    if author.role not in roles or after in MORE_THAN_A_STATUS or order.confirm_by is not None:
        raise NotAllowed
    # A driver hands over, and is paid for, what they carry themselves.
    carried = order.status is Status.OUT_FOR_DELIVERY and author.role is Role.DRIVER
    if carried and order.driver_id != author.account_id:
        raise NotAllowed


def stale_status(session: Session, order: Order) -> StaleStatus:
    """Return what has become of a locked order that somebody else was quicker with."""
    last = session.execute(
        select(OrderEvent.at, Account.first_name, Account.last_name)
        .outerjoin(Account, OrderEvent.author_id == Account.id)
        .where(OrderEvent.order_id == order.id, OrderEvent.kind.in_(STATUS_CHANGES))
        .order_by(OrderEvent.id.desc())
        .limit(1)
    ).one()
    name = f"{last.first_name or ''} {last.last_name or ''}".strip()
    return StaleStatus(order.status, name, last.at)

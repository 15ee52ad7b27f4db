"""UC1.4: cancel an order while its preparation has not begun; its ingredients go back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.models.order import TRANSITIONS, Order
from ocpizza.models.order_status import Status
from ocpizza.models.stock import Reason, StockMovement
from ocpizza.services.lock_order import lock_order
from ocpizza.services.move_stock import lock_stock, move_stock
from ocpizza.services.tell_customer import tell_status
from ocpizza.services.use_promotion import give_promotion_back
from ocpizza.services.write_order import Author, status_event


@dataclass
class TooLate(Exception):
    """The order has gone too far to be cancelled or changed: its status now."""

    status: Status


def cancel_order(
    session: Session, order_id: int, author: Author, now: datetime, reason: str = ""
) -> bool:
    """Cancel an order and give its ingredients back, and its promotion to be used again.

    `author` is whoever the caller knows may cancel it, by his role or because it is his.
    Gives False, with nothing changed, when it was cancelled already. Raises TooLate.
    """
    order = lock_order(session, order_id)
    if order.status is Status.CANCELLED:
        return False
    if author.role not in TRANSITIONS.get((order.status, Status.CANCELLED), {}).get(order.mode, ()):
        raise TooLate(order.status)
    order.status = Status.CANCELLED
    order.ending_reason = reason or None
    event = status_event(Status.CANCELLED, author, now)
    event.order_id = order.id
    session.add(event)
    tell_status(session, order, now)
    give_promotion_back(session, order.id)
    _give_back(session, order, author, now)
    return True


def _give_back(session: Session, order: Order, author: Author, now: datetime) -> None:
    taken = taken_by(session, order.id)
    locked = lock_stock(session, order.restaurant_id, set(taken))
    move_stock(
        session,
        order.restaurant_id,
        locked,
        taken,
        reason=Reason.ORDER_CANCELLED,
        at=now,
        order_id=order.id,
        author_id=author.account_id,
    )


def taken_by(session: Session, order_id: int) -> dict[int, int]:
    """What an order has taken from the stock so far: ingredient id → quantity."""
    taken = -func.sum(StockMovement.delta)
    query = (
        select(StockMovement.ingredient_id, taken)
        .where(StockMovement.order_id == order_id)
        .group_by(StockMovement.ingredient_id)
        .having(taken != 0)
    )
    return dict(session.execute(query).all())

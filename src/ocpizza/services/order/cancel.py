"""UC1.4: cancel an order while its preparation has not begun; its ingredients go back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.author import Author, account_of
from ocpizza.models.order import TRANSITIONS, Order
from ocpizza.models.order_status import EndingReason, Status
from ocpizza.models.stock import Reason
from ocpizza.services.basket.basket import release_basket
from ocpizza.services.locks import lock_order, lock_stock
from ocpizza.services.order.events import record_status
from ocpizza.services.order.notify import notify_status
from ocpizza.services.order.pending_change import abandon_change
from ocpizza.services.payment.goal import release_payments
from ocpizza.services.promotion.uses import give_promotion_back
from ocpizza.services.stock.move import Cause, move_stock, taken_by


@dataclass(frozen=True, slots=True)
class Ending:
    """Why an order ends: the system's reason, or what staff say to the customer."""

    reason: EndingReason | None = None
    note: str = ""


UNEXPLAINED = Ending()


@dataclass
class TooLate(Exception):
    """The order has gone too far to be cancelled or changed: its status now."""

    status: Status


def cancel_order(
    session: Session,
    order_id: int,
    author: Author | None,
    now: datetime,
    ending: Ending = UNEXPLAINED,
) -> bool:
    """Cancel an order: its ingredients go back, its promotion may be used again.

    What was to be paid online is released: Stripe is told after the commit.

    `author` is whoever the caller knows may cancel it, by their role or because it is theirs; None
    is the system. Return False, with nothing changed, when it was cancelled already.
    Raises TooLate.
    """
    order = lock_order(session, order_id)
    if order.status is Status.CANCELLED:
        return False
    roles = TRANSITIONS.get((order.status, Status.CANCELLED), {}).get(order.mode)
    if roles is None or (author is not None and author.role not in roles):
        raise TooLate(order.status)
    if order.status is Status.AWAITING_PAYMENT:
        release_basket(session, order)
    order.status = Status.CANCELLED
    order.ending_reason, order.ending_note = ending.reason, ending.note or None
    record_status(session, order, author, now)
    notify_status(session, order, now)
    abandon_change(session, order, now)
    release_payments(session, order, now)
    give_promotion_back(session, order.id)
    _give_back(session, order, author, now)
    return True


def _give_back(session: Session, order: Order, author: Author | None, now: datetime) -> None:
    taken = taken_by(session, order.id)
    locked = lock_stock(session, order.restaurant_id, set(taken))
    move_stock(
        session,
        order.restaurant_id,
        locked,
        taken,
        Cause(Reason.ORDER_CANCELLED, now, order.id, account_of(author)),
    )

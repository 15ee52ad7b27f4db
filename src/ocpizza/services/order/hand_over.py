"""B32: an order reaches its customer and what is due is received, or neither."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.db import Cents
from ocpizza.domain.author import Author
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment
from ocpizza.services.order.advance import advance_order
from ocpizza.services.payment.counter import record_payment


def hand_over(
    session: Session,
    order_id: int,
    before: Status,
    author: Author,
    now: datetime,
    means: Means | None = None,
    tendered_cents: Cents | None = None,
) -> tuple[Order, Payment | None]:
    """Return the order, delivered, and the payment that was received for it, if anything was due.

    `means` is how it was paid, by default as its customer chose. What is due is judged once the
    order is locked. Raises StaleStatus, NotAllowed and TooLittle, with nothing changed.
    """
    with session.begin_nested():
        order = advance_order(session, order_id, before, Status.DELIVERED, author, now)
        by, who = means or order.means, author.account_id
        payment = record_payment(session, order, by, who, now, tendered_cents)
    return order, payment

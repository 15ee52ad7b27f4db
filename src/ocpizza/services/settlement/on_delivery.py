"""B32 instead of B31: a customer whose order awaits its payment will pay when it is handed over."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.unpaid import Visitor
from ocpizza.models.order import PaymentChoice, Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.services.locks import lock_order
from ocpizza.services.order.unpaid_limits import asked_of, limit_order
from ocpizza.services.payment.goal import release_payments


def pay_on_delivery(
    session: Session, order_id: int, means: Means, now: datetime, visitor: Visitor | None = None
) -> None:
    """Have the online payment be released; the order is confirmed once it is
    (`apply_payment_state`).

    So much that a visitor may not have it unpaid is confirmed by telephone first.
    Changes nothing of an order that does not await its payment. Raises OrderRefused.
    """
    order = lock_order(session, order_id)
    if order.status is Status.AWAITING_PAYMENT:
        if visitor and order.source is Source.WEB:
            order.confirm_by = limit_order(session, order, visitor, asked_of(order), now)
        order.payment_choice, order.means = PaymentChoice.ON_DELIVERY, means
        release_payments(session, order, now)

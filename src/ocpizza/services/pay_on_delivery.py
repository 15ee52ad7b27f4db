"""B32 instead of B31: a customer whose order awaits its payment will pay when it is handed over."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.models.order import PaymentChoice
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.services.lock_order import lock_order
from ocpizza.services.wish_payment import release_payments


def pay_on_delivery(session: Session, order_id: int, means: Means, now: datetime) -> None:
    """Have the online payment be released; the order is confirmed once it is (`end_payment`).

    Changes nothing of an order that does not await its payment.
    """
    order = lock_order(session, order_id)
    if order.status is Status.AWAITING_PAYMENT:
        order.payment_choice, order.means = PaymentChoice.ON_DELIVERY, means
        release_payments(session, order, now)

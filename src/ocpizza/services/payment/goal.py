"""Say what is wanted of an order's payments; Stripe is told after the commit, by the worker."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.models.order import UNDO, Order
from ocpizza.models.payment import Means, Payment, PaymentGoal, PaymentState
from ocpizza.services.payment.queries import OPEN, open_payments, payments_of


def release_payments(
    session: Session, order: Order, now: datetime, keep: Payment | None = None
) -> None:
    """Have all be released that are still open, but for `keep`. The order is locked."""
    for payment in open_payments(session, order.id):
        if payment is not keep:
            _set_goal(payment, PaymentGoal.RELEASE, now)
    session.flush()


def capture_payment(session: Session, order: Order, now: datetime) -> None:
    """Have what was authorised be captured: preparation begins. The order is locked.

    Not before the step can no longer be undone (`withdraw_capture`).
    """
    for payment in open_payments(session, order.id):
        if payment.goal is PaymentGoal.AUTHORISE and payment.state is PaymentState.AUTHORISED:
            payment.capture_from = now + UNDO
            _set_goal(payment, PaymentGoal.CAPTURE, payment.capture_from)
    session.flush()


def withdraw_capture(session: Session, order: Order) -> bool:
    """Have nothing of a locked order be captured; False where somebody has begun to.

    Whoever captures has claimed the payment before: its time is not the one that was set here.
    """
    wanted = [
        payment
        for payment in payments_of(session, order.id)
        if payment.means is Means.ONLINE_CARD and payment.goal is PaymentGoal.CAPTURE
    ]
    if any(one.state not in OPEN or one.retry_at != one.capture_from for one in wanted):
        return False
    for payment in wanted:
        payment.goal, payment.retry_at, payment.capture_from = PaymentGoal.AUTHORISE, None, None
    session.flush()
    return True


def withdraw_payment(payment: Payment, now: datetime) -> None:
    """Have one payment be released, of an order that is locked."""
    _set_goal(payment, PaymentGoal.RELEASE, now)


def _set_goal(payment: Payment, goal: PaymentGoal, now: datetime) -> None:
    payment.goal, payment.attempts, payment.retry_at = goal, 0, now

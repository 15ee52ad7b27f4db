"""Say what is wanted of an order's payments; Stripe is told after the commit, by the worker."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.models.order import Order
from ocpizza.models.payment import Payment, PaymentGoal, PaymentState
from ocpizza.services.payment.queries import open_payments


def release_payments(
    session: Session, order: Order, now: datetime, keep: Payment | None = None
) -> None:
    """Have all be released that are still open, but for `keep`. The order is locked."""
    for payment in open_payments(session, order.id):
        if payment is not keep:
            _set_goal(payment, PaymentGoal.RELEASE, now)
    session.flush()


def capture_payment(session: Session, order: Order, now: datetime) -> None:
    """Have what was authorised be captured: preparation begins. The order is locked."""
    for payment in open_payments(session, order.id):
        if payment.goal is PaymentGoal.AUTHORISE and payment.state is PaymentState.AUTHORISED:
            _set_goal(payment, PaymentGoal.CAPTURE, now)
    session.flush()


def withdraw_payment(payment: Payment, now: datetime) -> None:
    """Have one payment be released, of an order that is locked."""
    _set_goal(payment, PaymentGoal.RELEASE, now)


def _set_goal(payment: Payment, goal: PaymentGoal, now: datetime) -> None:
    payment.goal, payment.attempts, payment.retry_at = goal, 0, now

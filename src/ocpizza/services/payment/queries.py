"""Payments taken for oneself: the order's row first, then its payments, as everywhere."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from ocpizza.column_types import Cents
from ocpizza.models.order import Order
from ocpizza.models.payment import Payment, PaymentGoal, PaymentState
from ocpizza.services.locks import lock_order

OPEN = (PaymentState.CREATED, PaymentState.AUTHORISED)


def lock_payment(session: Session, payment_id: int) -> tuple[Order, Payment]:
    """Return a payment and its order as they are now, both locked."""
    owner = select(Payment.order_id).where(Payment.id == payment_id)
    order = lock_order(session, session.scalars(owner).one())
    payment = next(each for each in payments_of(session, order.id) if each.id == payment_id)
    return order, payment


def payments_of(session: Session, order_id: int) -> list[Payment]:
    """Return all payments of an order that is locked, in the order in which they were begun."""
    return list(
        session.scalars(
            select(Payment)
            .where(Payment.order_id == order_id)
            .order_by(Payment.id)
            .options(selectinload(Payment.refunds))
            .execution_options(populate_existing=True)
        )
    )


def open_payments(session: Session, order_id: int) -> list[Payment]:
    """Return online payments that may still be captured or released, of an order that is locked."""
    return [payment for payment in payments_of(session, order_id) if payment.state in OPEN]


def authorised_cents(session: Session, order_id: int) -> Cents:
    """Return the most that may be captured of an order without asking its customer again."""
    most = select(func.max(Payment.amount_cents)).where(
        Payment.order_id == order_id,
        Payment.state == PaymentState.AUTHORISED,
        Payment.goal == PaymentGoal.AUTHORISE,
    )
    return session.scalar(most) or 0


def awaited_payment(session: Session, order_id: int) -> Payment | None:
    """Return the payment that the customer is asked to make now, for pages that only read."""
    query = select(Payment).where(
        Payment.order_id == order_id,
        Payment.state == PaymentState.CREATED,
        Payment.goal == PaymentGoal.AUTHORISE,
    )
    return session.scalars(query.order_by(Payment.id.desc())).first()

"""What was received for an order, as the database adds it up; `models.payment` does in Python."""

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Mapped

from ocpizza.column_types import Cents
from ocpizza.models.payment import Means, Payment, Refund, RefundReason, RefundState

BY_HAND = Payment.means != Means.ONLINE_CARD


def received_of(order_id: Mapped[int]) -> ColumnElement[Cents]:
    """Return what was received for an order (`models.payment.received_cents`)."""
    back = _given_back(order_id, Refund.reason != RefundReason.DECIDED)
    return _taken(order_id) - back


def kept_of(order_id: Mapped[int]) -> ColumnElement[Cents]:
    """Return what counter and drivers have of it (`models.payment.kept_cents`)."""
    return _taken(order_id, BY_HAND) - _given_back(order_id)


def _taken(order_id: Mapped[int], *where: ColumnElement[bool]) -> ColumnElement[Cents]:
    taken = select(func.coalesce(func.sum(Payment.captured_cents), 0))
    taken = taken.where(Payment.order_id == order_id, *where)
    return taken.correlate_except(Payment).scalar_subquery()


def _given_back(order_id: Mapped[int], *where: ColumnElement[bool]) -> ColumnElement[Cents]:
    given = select(func.coalesce(func.sum(Refund.amount_cents), 0)).join(
        Payment, Payment.id == Refund.payment_id
    )
    given = given.where(
        Payment.order_id == order_id, BY_HAND, Refund.state != RefundState.FAILED, *where
    )
    return given.correlate_except(Payment, Refund).scalar_subquery()

"""The one way to take an order for oneself: its row first, then stock, then receipts."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.order import Order


def lock_order(session: Session, order_id: int) -> Order:
    """The order as it is now, locked until the end of the transaction."""
    return session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    ).one()

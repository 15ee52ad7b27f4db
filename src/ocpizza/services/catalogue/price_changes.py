"""Prices that take effect later: made when their time has come."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.price import PriceChange, RestaurantPrice
from ocpizza.models.product import ProductSize
from ocpizza.services.locks import lock_catalogue


def make_due_changes(session: Session, now: datetime, restaurant_id: int | None = None) -> int:
    """Give sizes the prices that are due, the group's and restaurants', or those of one alone.

    Returns how many there were. The later of two is what stays.
    """
    due = select(PriceChange).where(PriceChange.applied_at.is_(None))
    due = due.where(PriceChange.effective_at <= now)
    if restaurant_id is not None:
        due = due.where(PriceChange.restaurant_id == restaurant_id)
    lock_catalogue(session)
    changes = session.scalars(due.order_by(PriceChange.effective_at, PriceChange.id)).all()
    for change in changes:
        give_price(session, change)
        change.applied_at = now
        # One after the other: the next may be of the same size.
        session.flush()
    return len(changes)


def give_price(session: Session, change: PriceChange) -> None:
    """Make a change, whether its time has come or not."""
    key = (change.restaurant_id, change.product_size_id)
    if change.restaurant_id is None:
        session.get_one(ProductSize, change.product_size_id).price_cents = change.price_cents
    elif own := session.get(RestaurantPrice, key):
        own.price_cents = change.price_cents
    else:
        session.add(
            RestaurantPrice(
                restaurant_id=change.restaurant_id,
                product_size_id=change.product_size_id,
                price_cents=change.price_cents,
            )
        )

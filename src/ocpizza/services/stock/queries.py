"""What a restaurant has."""

from collections.abc import Sequence

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from ocpizza.models.stock import Stock


def list_stocks(session: Session, restaurant_id: int) -> Sequence[Stock]:
    """Return what a restaurant has of each ingredient, in no order."""
    return session.scalars(_stocks(restaurant_id)).all()


def find_stock(session: Session, restaurant_id: int, ingredient_id: int) -> Stock | None:
    """Return what a restaurant has of an ingredient, None where it never had any."""
    query = _stocks(restaurant_id).where(Stock.ingredient_id == ingredient_id)
    return session.scalars(query).one_or_none()


def _stocks(restaurant_id: int) -> Select[Stock]:
    return (
        select(Stock)
        .join(Stock.ingredient)
        .options(contains_eager(Stock.ingredient))
        .where(Stock.restaurant_id == restaurant_id)
    )

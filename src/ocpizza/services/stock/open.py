"""What a restaurant will keep in stock from now on: nothing yet, until it is supplied."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.stock import Stock


def open_stocks(session: Session, restaurant_id: int, ingredient_ids: Collection[int]) -> int:
    """Have a restaurant keep these ingredients; return how many it did not before."""
    here = select(Stock.ingredient_id).where(Stock.restaurant_id == restaurant_id)
    missing = sorted(set(ingredient_ids) - set(session.scalars(here)))
    session.add_all(Stock(restaurant_id=restaurant_id, ingredient_id=id) for id in missing)
    session.flush()
    return len(missing)

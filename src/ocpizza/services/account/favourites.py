"""A customer's favourites: kept and let go, one at a time."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.models.favourite import Favourite
from ocpizza.models.product import Product

MAX_FAVOURITES = 100


class TooManyFavourites(Exception):
    """Of more, nobody finds anything again."""


def keep_favourite(session: Session, account_id: int, product_id: int, now: datetime) -> bool:
    """Keep a product for an account that is locked; return whether there is such a product.

    Raises TooManyFavourites.
    """
    if session.get(Product, product_id) is None:
        return False
    if session.get(Favourite, (account_id, product_id)) is None:
        count = select(func.count()).select_from(Favourite).filter_by(account_id=account_id)
        if session.scalars(count).one() >= MAX_FAVOURITES:
            raise TooManyFavourites
        session.add(Favourite(account_id=account_id, product_id=product_id, since=now))
    return True


def drop_favourite(session: Session, account_id: int, product_id: int) -> None:
    """Let a product go, be it there or not."""
    if favourite := session.get(Favourite, (account_id, product_id)):
        session.delete(favourite)

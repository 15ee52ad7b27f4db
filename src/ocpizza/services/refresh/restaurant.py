"""One restaurant's turn: all that is sold there, in one transaction."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.restaurant import Restaurant
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.refresh.content import Content
from ocpizza.services.refresh.ingredients import refresh_ingredients
from ocpizza.services.refresh.own import (
    open_missing_stocks,
    refresh_hidden,
    refresh_prices,
    refresh_suppliers,
)
from ocpizza.services.refresh.products import refresh_products
from ocpizza.services.refresh.promotions import refresh_promotions


def refresh_restaurant(session: Session, wanted: Content, code: str) -> dict[str, int]:
    """Bring what the restaurant with this code sells in line; return how many of what changed.

    What all restaurants share is brought with the first one's turn. Raises Unfit.
    """
    lock_catalogue(session)
    own = wanted.restaurants[code]
    id = session.scalars(select(Restaurant.id).where(Restaurant.code == code)).one()
    return {
        "ingredients": refresh_ingredients(session, wanted.ingredients),
        "products": refresh_products(session, wanted.products),
        "menu entries": refresh_hidden(session, id, own.hidden, set(wanted.products)),
        "own prices": refresh_prices(session, id, own.prices),
        "own suppliers": refresh_suppliers(session, id, own.meats),
        "promotions": refresh_promotions(session, wanted.promotions, code, wanted.restaurants),
        "stocks": open_missing_stocks(session, id),
    }

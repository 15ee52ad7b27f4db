"""What of the group's products a restaurant sells, and what it hides."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.price import HiddenProduct
from ocpizza.models.product import Composition, Product
from ocpizza.models.staff_change import Subject
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.stock.open import open_stocks
from ocpizza.services.trail.record import Change, Signature, record_change


def sell_here(
    session: Session, product: Product, restaurant_id: int, sells: bool, signed: Signature
) -> None:
    """Have a restaurant sell a product, or hide it; the last word counts.

    What it is made of is kept in stock there from then on.
    """
    lock_catalogue(session)
    key = (restaurant_id, product.id)
    hidden = session.get(HiddenProduct, key, populate_existing=True)
    if (hidden is None) is sells:
        return
    if hidden:
        session.delete(hidden)
        needed = select(Composition.ingredient_id).where(Composition.product_id == product.id)
        open_stocks(session, restaurant_id, set(session.scalars(needed)))
    else:
        session.add(HiddenProduct(restaurant_id=restaurant_id, product_id=product.id))
    session.flush()
    before, after = {"sold_here": not sells}, {"sold_here": sells}
    change = Change(Subject.PRODUCT, before, after, restaurant_id, product.name)
    record_change(session, signed, change)

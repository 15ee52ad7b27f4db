"""What one restaurant has of its own, as another database has it."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ocpizza.domain.meat import MeatOrigin, origin_in, put_origin
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.meat import RestaurantMeat
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Composition, Product, ProductExtra, ProductSize
from ocpizza.services.refresh.content import SizeKey
from ocpizza.services.refresh.rows import put
from ocpizza.services.stock.open import open_stocks


def refresh_hidden(
    session: Session, restaurant_id: int, hidden: frozenset[str], known: set[str]
) -> int:
    """Sell all of the `known` products but the hidden ones; return how many changed."""
    products = dict(session.execute(select(Product.slug, Product.id)).all())
    here = HiddenProduct.restaurant_id == restaurant_id
    now = set(session.scalars(select(HiddenProduct.product_id).where(here)))
    wanted = {products[slug] for slug in hidden}
    shown = {products[slug] for slug in known} & now - wanted
    if shown:
        # A statement that deletes nothing renews the catalogue's token all the same.
        session.execute(delete(HiddenProduct).where(here, HiddenProduct.product_id.in_(shown)))
    session.add_all(
        HiddenProduct(restaurant_id=restaurant_id, product_id=id) for id in wanted - now
    )
    session.flush()
    return len(shown) + len(wanted - now)


def refresh_prices(session: Session, restaurant_id: int, wanted: Mapping[SizeKey, int]) -> int:
    """Have a restaurant's own prices be these; return how many changed."""
    sizes = size_ids(session)
    here = RestaurantPrice.restaurant_id == restaurant_id
    known = {
        row.product_size_id: row for row in session.scalars(select(RestaurantPrice).where(here))
    }
    prices = {sizes[key]: cents for key, cents in wanted.items()}
    gone = known.keys() - prices.keys()
    for id in gone:
        session.delete(known[id])
    changed = len(gone)
    for id, cents in prices.items():
        if id in known:
            changed += put(known[id], {"price_cents": cents})
            continue
        session.add(
            RestaurantPrice(restaurant_id=restaurant_id, product_size_id=id, price_cents=cents)
        )
        changed += 1
    session.flush()
    return changed


def refresh_suppliers(
    session: Session, restaurant_id: int, wanted: Mapping[str, frozenset[MeatOrigin]]
) -> int:
    """Have a restaurant's own suppliers of meats be these; return how many rows changed."""
    ids = dict(session.execute(select(Ingredient.code, Ingredient.id)).all())
    here = RestaurantMeat.restaurant_id == restaurant_id
    known = {
        (row.ingredient_id, row.meat): row
        for row in session.scalars(select(RestaurantMeat).where(here))
    }
    origins = {(ids[code], one.meat): one for code, meats in wanted.items() for one in meats}
    gone = known.keys() - origins.keys()
    for key in gone:
        session.delete(known[key])
    changed = len(gone)
    for (id, meat), one in origins.items():
        row = known.get((id, meat))
        if row is not None and origin_in(row, one.prepared) == one:
            continue
        if row is None:
            row = RestaurantMeat(restaurant_id=restaurant_id, ingredient_id=id, meat=meat)
            session.add(row)
        put_origin(row, one)
        changed += 1
    session.flush()
    return changed


def open_missing_stocks(session: Session, restaurant_id: int) -> int:
    """Have a restaurant keep all that its products are made of; return what is new there."""
    hidden = select(HiddenProduct.product_id).where(HiddenProduct.restaurant_id == restaurant_id)
    needed: set[int] = set()
    for link in (Composition, ProductExtra):
        sold = select(link.ingredient_id).join(Product, Product.id == link.product_id)
        sold = sold.where(Product.available, Product.id.not_in(hidden))
        needed |= set(session.scalars(sold))
    return open_stocks(session, restaurant_id, needed)


def size_ids(session: Session) -> dict[SizeKey, int]:
    """Return every size by its product's slug and its own code."""
    query = select(Product.slug, ProductSize.code, ProductSize.id).join(ProductSize.product)
    return {(slug, code): id for slug, code, id in session.execute(query)}

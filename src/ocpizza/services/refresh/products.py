"""Products with their sizes, recipes and extras, as another database has them."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from ocpizza.models.ingredient import Ingredient
from ocpizza.models.price import HiddenProduct
from ocpizza.models.product import Composition, Product, ProductExtra, ProductSize
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.refresh.content import ProductContent, Values
from ocpizza.services.refresh.rows import Unfit, put, put_links, withdraw

Ids = Mapping[str, int]
# What a product has, what it shall have, and of which table.
Link = tuple[list[Any], Mapping[str, Values], type[Any]]


def refresh_products(session: Session, wanted: Mapping[str, ProductContent]) -> int:
    """Bring products in line; return how many changed. Raises Unfit.

    A new one is hidden everywhere: each restaurant's own turn says whether it is sold there.
    """
    ingredients: Ids = dict(session.execute(select(Ingredient.code, Ingredient.id)).all())
    known = {row.slug: row for row in session.scalars(_all_of_it())}
    changed = sum(withdraw(known[slug], "available") for slug in known.keys() - wanted.keys())
    for slug, content in wanted.items():
        if not any(size["active"] for size in content.sizes.values()):
            raise Unfit(f"product « {slug} » has no size there")
        if slug in known:
            changed += _change(session, known[slug], content, ingredients)
        else:
            _create(session, content, ingredients)
            changed += 1
    session.flush()
    return changed


def _create(session: Session, content: ProductContent, ingredients: Ids) -> None:
    product = Product(**content.values)
    product.sizes = [ProductSize(**values) for values in content.sizes.values()]
    for links, wanted, model in _links(product, content):
        put_links(links, _by_id(wanted, ingredients), model)
    session.add(product)
    session.flush()
    everywhere = session.scalars(select(Restaurant.id))
    session.add_all(HiddenProduct(restaurant_id=id, product_id=product.id) for id in everywhere)


def _change(session: Session, product: Product, content: ProductContent, ingredients: Ids) -> bool:
    own = put(product, content.values)
    others = _change_sizes(session, product, content.sizes)
    for links, wanted, model in _links(product, content):
        others |= put_links(links, _by_id(wanted, ingredients), model)
    if others and not own:
        product.touch_version()
    return own or others


def _change_sizes(session: Session, product: Product, wanted: Mapping[str, Values]) -> bool:
    known = {size.code: size for size in product.sizes}
    changed = False
    for code, size in known.items():
        if code not in wanted:
            changed |= put(size, {"active": False, "is_default": False})
        elif size.is_default and not wanted[code]["is_default"]:
            changed |= put(size, {"is_default": False})
    # One is the default at a time, between two statements too.
    session.flush()
    for code, values in wanted.items():
        if code in known:
            changed |= put(known[code], values)
        else:
            product.sizes.append(ProductSize(**values))
            changed = True
    return changed


def _links(product: Product, content: ProductContent) -> Iterator[Link]:
    yield product.composition, content.composition, Composition
    yield product.extras, content.extras, ProductExtra


def _by_id(wanted: Mapping[str, Values], ingredients: Ids) -> dict[int, Values]:
    return {ingredients[code]: values for code, values in wanted.items()}


def _all_of_it() -> Select[Product]:
    parts = (Product.sizes, Product.composition, Product.extras)
    return select(Product).options(*map(selectinload, parts))

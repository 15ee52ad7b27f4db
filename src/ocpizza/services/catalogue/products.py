"""Every product of the group, as managers see it from a restaurant."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ocpizza.domain.sorting import reading_order
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Kind, Product, ProductSize


@dataclass(frozen=True, slots=True)
class Offer:
    """A size with its price here, and whether it is the restaurant's own."""

    size: ProductSize
    price_cents: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Listed:
    """A product, its sizes at this restaurant, and whether the restaurant hides it."""

    product: Product
    offers: list[Offer]
    hidden: bool


def list_products(session: Session, restaurant_id: int) -> dict[Kind, list[Listed]]:
    """Return all products by shelf, in the order of the menu."""
    query = select(Product).options(selectinload(Product.sizes))
    own = _own_prices(session, restaurant_id)
    here = HiddenProduct.restaurant_id == restaurant_id
    hidden = set(session.scalars(select(HiddenProduct.product_id).where(here)))
    shelves: dict[Kind, list[Listed]] = {kind: [] for kind in Kind}
    for product in sorted(session.scalars(query), key=_place):
        listed = Listed(product, _offers(product, own), product.id in hidden)
        shelves[product.kind].append(listed)
    return shelves


def listed_product(session: Session, product: Product, restaurant_id: int) -> Listed:
    """Return one of them."""
    hidden = session.get(HiddenProduct, (restaurant_id, product.id)) is not None
    return Listed(product, _offers(product, _own_prices(session, restaurant_id)), hidden)


def _own_prices(session: Session, restaurant_id: int) -> dict[int, int]:
    columns = select(RestaurantPrice.product_size_id, RestaurantPrice.price_cents)
    here = RestaurantPrice.restaurant_id == restaurant_id
    return dict(session.execute(columns.where(here)).all())


def _offers(product: Product, own: dict[int, int]) -> list[Offer]:
    return [
        Offer(size, own.get(size.id, size.price_cents), size.id in own)
        for size in product.sizes
        if size.active
    ]


def _place(product: Product) -> tuple[int, tuple[str, str]]:
    return product.position, reading_order(product.name)

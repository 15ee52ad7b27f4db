"""Who may change a product: what all restaurants share is the group's."""

from datetime import date

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, joinedload, selectinload

from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.price import HiddenProduct
from ocpizza.models.product import Composition, Product, ProductExtra
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.locks import lock_catalogue


class NotManaged(RuntimeError):
    """Other restaurants sell it, too: this restaurant's manager may not touch it."""


def find_product(session: Session, slug: str) -> Product | None:
    """Return the product with this slug, sold anywhere or not."""
    query = select(Product).options(selectinload(Product.sizes))
    return session.scalars(query.where(Product.slug == slug)).one_or_none()


def whole_product(session: Session, product_id: int) -> Product:
    """Return a product as it is now, with its sizes, its recipe and its extras."""
    query = select(Product).options(
        joinedload(Product.picture),
        selectinload(Product.sizes),
        selectinload(Product.composition)
        .joinedload(Composition.ingredient)
        .selectinload(Ingredient.allergens),
        selectinload(Product.extras)
        .joinedload(ProductExtra.ingredient)
        .selectinload(Ingredient.allergens),
    )
    query = query.where(Product.id == product_id).execution_options(populate_existing=True)
    return session.scalars(query).one()


def product_to_change(
    session: Session, product_id: int, version: int, manager_of: int | None
) -> Product:
    """Return a whole product that is still at the `version` that was shown, the catalogue locked.

    Raises NotManaged and StaleVersion.
    """
    lock_catalogue(session)
    product = whole_product(session, product_id)
    if not may_change(session, product_id, manager_of):
        raise NotManaged
    if version != product.version:
        raise StaleVersion
    return product


def note_on_menu(product: Product, today: date) -> None:
    """Keep the day on which a product is on the menu for the first time."""
    if product.on_menu_since is None and product.available and product.composition:
        product.on_menu_since = today


def sellers_of(session: Session, product_id: int) -> list[int]:
    """Return the restaurants, open yet or not, that do not hide a product."""
    query = select(Restaurant.id).where(~hides(product_id)).order_by(Restaurant.id)
    return list(session.scalars(query))


def may_change(session: Session, product_id: int, manager_of: int | None) -> bool:
    """Return whether the manager of a restaurant, or of the group (None), may change what it is.

    A restaurant's, where it is sold there and nowhere else: nobody acts on another restaurant.
    """
    return manager_of is None or sellers_of(session, product_id) == [manager_of]


def hides(product_id: int) -> ColumnElement[bool]:
    """Whether the restaurant of a query hides a product."""
    return exists().where(
        HiddenProduct.restaurant_id == Restaurant.id, HiddenProduct.product_id == product_id
    )

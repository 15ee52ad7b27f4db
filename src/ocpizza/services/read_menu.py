"""UC1.1, UC4.4: a restaurant's menu, with today's prices and stock, in one statement."""

from collections.abc import Collection
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, and_, bindparam, exists, func, literal, select
from sqlalchemy.orm import Session

from ocpizza.domain.menu import Component, Extra, Menu, MenuIngredient, MenuProduct, Size
from ocpizza.json_rows import json_rows
from ocpizza.models.ingredient import Allergen, Ingredient, IngredientAllergen, Unit
from ocpizza.models.offer import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Composition, Product, ProductExtra, ProductSize
from ocpizza.models.stock import Stock

HERE = bindparam("restaurant_id", type_=Integer)
SHELVES = ("pizza", "drink", "dessert")


def read_menu(
    session: Session,
    restaurant_id: int,
    *,
    size_ids: Collection[int] | None = None,
    slug: str | None = None,
    extras: bool = True,
) -> Menu:
    """The menu of a restaurant, or its part with these sizes or this product.

    Without `extras` it is lighter; products hidden here are left out, unavailable ones are not.
    """
    query = _products(extras)
    if size_ids is not None:
        sold = select(ProductSize.product_id).where(ProductSize.id.in_(size_ids))
        query = query.where(Product.id.in_(sold))
    if slug is not None:
        query = query.where(Product.slug == slug)
    rows = session.execute(query, {"restaurant_id": restaurant_id}).all()
    products = [_product(row) for row in rows]
    return Menu(tuple(sorted(products, key=lambda product: SHELVES.index(product.kind))))


@cache
def _products(extras: bool) -> Select[Any]:
    hidden = exists().where(
        HiddenProduct.restaurant_id == HERE, HiddenProduct.product_id == Product.id
    )
    return (
        select(
            Product.id,
            Product.kind,
            Product.slug,
            Product.name,
            Product.description,
            Product.vat_class,
            Product.available,
            _sizes().label("sizes"),
            _ingredients(Composition, Composition.removable).label("composition"),
            _ingredients(ProductExtra, ProductExtra.price_cents).label("extras")
            if extras
            else literal(None).label("extras"),
        )
        .where(~hidden)
        .order_by(Product.position, Product.name)
    )


def _sizes() -> Any:
    own_price = and_(
        RestaurantPrice.product_size_id == ProductSize.id,
        RestaurantPrice.restaurant_id == HERE,
    )
    return json_rows(
        ProductSize.position,
        ProductSize.id,
        ProductSize.code,
        ProductSize.name,
        func.coalesce(RestaurantPrice.price_cents, ProductSize.price_cents),
        ProductSize.factor_percent,
        ProductSize.is_default,
        of=ProductSize.__table__.outerjoin(RestaurantPrice.__table__, own_price),
        where=ProductSize.product_id == Product.id,
    )


def _ingredients(link: Any, last: Any) -> Any:
    stock_here = and_(Stock.ingredient_id == Ingredient.id, Stock.restaurant_id == HERE)
    allergens = (
        select(func.aggregate_strings(IngredientAllergen.allergen, ","))
        .where(IngredientAllergen.ingredient_id == Ingredient.id)
        .scalar_subquery()
    )
    tables = link.__table__.join(Ingredient.__table__).outerjoin(Stock.__table__, stock_here)
    return json_rows(
        link.position,
        Ingredient.id,
        Ingredient.code,
        Ingredient.name,
        Ingredient.unit,
        allergens,
        func.coalesce(Stock.quantity, 0),
        link.quantity,
        last,
        of=tables,
        where=link.product_id == Product.id,
    )


def _product(row: Any) -> MenuProduct:
    return MenuProduct(
        id=row.id,
        kind=row.kind,
        slug=row.slug,
        name=row.name,
        description=row.description,
        vat_class=row.vat_class,
        available=row.available,
        sizes=tuple(_size(columns) for columns in sorted(row.sizes)),
        composition=tuple(
            Component(_ingredient(ingredient), quantity, bool(removable))
            for _, *ingredient, quantity, removable in sorted(row.composition, key=_position)
        ),
        extras=tuple(
            Extra(_ingredient(ingredient), quantity, price_cents)
            for _, *ingredient, quantity, price_cents in sorted(row.extras or (), key=_position)
        ),
    )


def _size(columns: list[Any]) -> Size:
    _, id, code, name, price_cents, factor_percent, is_default = columns
    return Size(id, code, name, price_cents, factor_percent, bool(is_default))


def _position(row: list[Any]) -> int:
    return int(row[0])


def _ingredient(columns: list[Any]) -> MenuIngredient:
    id, code, name, unit, allergens, in_stock = columns
    return MenuIngredient(id, code, name, Unit(unit), _allergens(allergens), in_stock)


@cache
def _allergens(joined: str | None) -> frozenset[Allergen]:
    return frozenset(map(Allergen, joined.split(","))) if joined else frozenset()

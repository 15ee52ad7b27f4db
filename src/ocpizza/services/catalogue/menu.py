"""UC1.1, UC4.4: a restaurant's menu, with today's prices and stock."""

from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    true,
)

from ocpizza.db import Reader
from ocpizza.domain.meat import diet_with, meats_in
from ocpizza.domain.menu import (
    Assortment,
    Component,
    Extra,
    Menu,
    MenuIngredient,
    MenuProduct,
    Size,
)
from ocpizza.domain.sorting import reading_order
from ocpizza.json_rows import json_rows
from ocpizza.models.catalogue_state import CatalogueState
from ocpizza.models.ingredient import Allergen, Diet, Ingredient, IngredientAllergen, Unit
from ocpizza.models.meat import meats_text
from ocpizza.models.picture import Picture
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Composition, Product, ProductExtra, ProductSize
from ocpizza.models.recent_sale import RecentSale
from ocpizza.models.stock import Stock
from ocpizza.services.catalogue.cache import cached
from ocpizza.typography import typeset

HERE = bindparam("restaurant_id", type_=Integer)
# Without a recipe a product would seem to be free of allergens.
HAS_RECIPE = exists().where(Composition.product_id == Product.id)
SHELVES = ("pizza", "drink", "dessert")


def read_menu(reader: Reader, restaurant_id: int) -> Menu:
    """Return the menu of a restaurant today.

    Products hidden here are left out, and those whose recipe is still to be written; those that are
    not on sale are not.
    """
    row = reader.execute(STOCK_HERE, {"restaurant_id": restaurant_id}).one()
    return menu_under(reader, row, restaurant_id)


def stock_of(restaurant_id: ColumnElement[int]) -> Select[Any]:
    """Selects the catalogue's `token` and a restaurant's `stock`, for `menu_under`."""
    here = Stock.restaurant_id == restaurant_id
    stock = json_rows(Stock.ingredient_id, Stock.quantity, of=Stock.__table__, where=here)
    return select(CatalogueState.token, stock.label("stock"))


def menu_under(reader: Reader, row: Row[Any], restaurant_id: int) -> Menu:
    """Return the menu of a restaurant whose `token` and `stock` are in this row."""
    what = ("assortment", restaurant_id)
    assortment = cached(row.token, what, lambda: _assortment(reader, restaurant_id))
    return Menu(assortment, dict(row.stock))


def _assortment(reader: Reader, restaurant_id: int) -> Assortment:
    rows = reader.execute(_products(), {"restaurant_id": restaurant_id}).all()
    return Assortment(tuple(_product(row) for row in sorted(rows, key=_place)))


def _place(row: Row[Any]) -> tuple[int, int, tuple[str, str]]:
    return SHELVES.index(row.kind), row.position, reading_order(row.name)


STOCK_HERE = stock_of(HERE)


@cache
def _products() -> Select[*tuple[Any, ...]]:
    hidden = exists().where(
        HiddenProduct.restaurant_id == HERE, HiddenProduct.product_id == Product.id
    )
    columns = select(
        Product.id,
        Product.kind,
        Product.slug,
        Product.name,
        Product.description,
        Product.description_en,
        Product.recipe,
        Product.vat_class,
        Product.available,
        Product.position,
        Product.on_menu_since,
        _sold(RecentSale.restaurant_id == HERE).label("sold"),
        _sold(true()).label("sold_anywhere"),
        Picture.sha256.label("photo"),
        _sizes().label("sizes"),
        _ingredients(Composition, Composition.removable, true()).label("composition"),
        _ingredients(ProductExtra, ProductExtra.price_cents, ProductExtra.active).label("extras"),
    ).outerjoin(Product.picture)
    return columns.where(~hidden, HAS_RECIPE)


def _sold(where: ColumnElement[bool]) -> Any:
    total = select(func.coalesce(func.sum(RecentSale.sold), 0))
    return total.where(RecentSale.product_id == Product.id, where).scalar_subquery()


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
        ProductSize.name_en,
        of=ProductSize.__table__.outerjoin(RestaurantPrice.__table__, own_price),
        where=and_(ProductSize.product_id == Product.id, ProductSize.active),
    )


def _ingredients(link: Any, last: Any, shown: Any) -> Any:
    allergens = (
        select(func.aggregate_strings(IngredientAllergen.allergen, ","))
        .where(IngredientAllergen.ingredient_id == Ingredient.id)
        .scalar_subquery()
    )
    return json_rows(
        link.position,
        Ingredient.id,
        Ingredient.code,
        Ingredient.name,
        Ingredient.unit,
        allergens,
        Ingredient.name_en,
        Ingredient.short_name,
        Ingredient.short_name_en,
        Ingredient.diet,
        Ingredient.spicy,
        meats_text(HERE, Ingredient.id),
        link.quantity,
        last,
        of=link.__table__.join(Ingredient.__table__),
        where=and_(link.product_id == Product.id, shown),
    )


def _product(row: Any) -> MenuProduct:
    return MenuProduct(
        id=row.id,
        kind=row.kind,
        slug=row.slug,
        name=row.name,
        description=row.description,
        description_en=row.description_en,
        recipe=row.recipe,
        vat_class=row.vat_class,
        available=row.available,
        photo=row.photo or "",
        on_menu_since=row.on_menu_since,
        sold=int(row.sold),
        sold_anywhere=int(row.sold_anywhere),
        sizes=tuple(_size(columns) for columns in sorted(row.sizes)),
        composition=tuple(
            Component(_ingredient(ingredient), quantity, bool(removable))
            for _, *ingredient, quantity, removable in sorted(row.composition, key=_position)
        ),
        extras=tuple(
            Extra(_ingredient(ingredient), quantity, price_cents)
            for _, *ingredient, quantity, price_cents in sorted(row.extras, key=_position)
        ),
    )


def _size(columns: list[Any]) -> Size:
    _, id, code, name, price_cents, factor_percent, is_default, name_en = columns
    names = typeset(name), typeset(name_en)
    return Size(id, code, names[0], price_cents, factor_percent, bool(is_default), names[1])


def _position(row: list[Any]) -> tuple[int, int]:
    # Those of one position by their ids, not as the database happens to find them.
    return int(row[0]), int(row[1])


def _ingredient(columns: list[Any]) -> MenuIngredient:
    id, code, name, unit, allergens, name_en, short_name, short_name_en, diet, spicy, meats = (
        columns
    )
    return MenuIngredient(
        id,
        code,
        typeset(name),
        Unit(unit),
        _allergens(allergens),
        typeset(name_en),
        typeset(short_name),
        typeset(short_name_en),
        diet_with(Diet(diet) if diet else None, meats_in(meats)),
        bool(spicy),
        meats_in(meats),
    )


@cache
def _allergens(joined: str | None) -> frozenset[Allergen]:
    return frozenset(map(Allergen, joined.split(","))) if joined else frozenset()

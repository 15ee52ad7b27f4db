"""What a database says is sold, without any of its ids: catalogue, prices, recipes, promotions."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from ocpizza.domain.meat import MeatOrigin, origin_in
from ocpizza.models.ingredient import Allergen, Ingredient, IngredientAllergen
from ocpizza.models.meat import IngredientMeat, RestaurantMeat
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.product import Composition, Product, ProductExtra, ProductSize
from ocpizza.models.promotion import Promotion, PromotionRestaurant
from ocpizza.models.restaurant import Restaurant

Values = dict[str, Any]
SizeKey = tuple[str, str]
# Numbers of the database itself, and what was counted there.
NOT_CONTENT = {
    "id",
    "version",
    "product_id",
    "ingredient_id",
    "product_size_id",
    "picture_id",
    "times_used",
    "given_cents",
}


@dataclass(frozen=True)
class IngredientContent:
    """An ingredient's columns, its allergens and its meats."""

    values: Values
    allergens: frozenset[Allergen]
    meats: frozenset[MeatOrigin]


@dataclass(frozen=True)
class ProductContent:
    """A product's columns; its sizes by code, its recipe and extras by ingredient."""

    values: Values
    sizes: Mapping[str, Values]
    composition: Mapping[str, Values]
    extras: Mapping[str, Values]


@dataclass(frozen=True)
class PromotionContent:
    """A promotion's columns, the size that it gives, and where it holds: nowhere is everywhere."""

    values: Values
    gives: SizeKey | None
    restaurants: frozenset[str]


@dataclass(frozen=True)
class Own:
    """What a restaurant has of its own: products that it does not sell, prices of sizes.

    And where its suppliers have an ingredient's meats from, by the ingredient's code.
    """

    hidden: frozenset[str]
    prices: Mapping[SizeKey, int]
    meats: Mapping[str, frozenset[MeatOrigin]]


@dataclass(frozen=True)
class Content:
    """All of it: ingredients, promotions and restaurants by code, products by slug."""

    ingredients: Mapping[str, IngredientContent]
    products: Mapping[str, ProductContent]
    promotions: Mapping[str, PromotionContent]
    restaurants: Mapping[str, Own]


def read_content(session: Session) -> Content:
    """Return what a database says is sold; a session on a snapshot reads what fits together."""
    return Content(_ingredients(session), _products(session), _promotions(session), _own(session))


def _ingredients(session: Session) -> dict[str, IngredientContent]:
    allergens = defaultdict(set)
    links = select(Ingredient.code, IngredientAllergen.allergen)
    for code, allergen in session.execute(links.join(Ingredient.allergens)):
        allergens[code].add(allergen)
    meats = defaultdict(set)
    for code, row in session.execute(
        select(Ingredient.code, IngredientMeat).join(Ingredient.meats)
    ):
        meats[code].add(origin_in(row, row.prepared))
    rows = session.execute(select(*_columns(Ingredient)))
    return {
        row.code: IngredientContent(
            dict(row._mapping), frozenset(allergens[row.code]), frozenset(meats[row.code])
        )
        for row in rows
    }


def _products(session: Session) -> dict[str, ProductContent]:
    sizes = _by_product(session, select(Product.slug, *_columns(ProductSize)).join(Product.sizes))
    recipes, extras = (
        _by_product(
            session,
            select(Product.slug, Ingredient.code, *_columns(link))
            .join(links)
            .join(Ingredient, Ingredient.id == link.ingredient_id),
        )
        for link, links in ((Composition, Product.composition), (ProductExtra, Product.extras))
    )
    rows = session.execute(select(*_columns(Product)))
    return {
        row.slug: ProductContent(
            dict(row._mapping),
            sizes[row.slug],
            {code: _without_code(values) for code, values in recipes[row.slug].items()},
            {code: _without_code(values) for code, values in extras[row.slug].items()},
        )
        for row in rows
    }


def _by_product(session: Session, query: Any) -> dict[str, dict[str, Values]]:
    found: dict[str, dict[str, Values]] = defaultdict(dict)
    for row in session.execute(query):
        values = dict(row._mapping)
        found[values.pop("slug")][row.code] = values
    return found


def _without_code(values: Values) -> Values:
    return {name: value for name, value in values.items() if name != "code"}


def _promotions(session: Session) -> dict[str, PromotionContent]:
    places = defaultdict(set)
    links = select(Promotion.code, Restaurant.code).join(Promotion.restaurants)
    here = Restaurant.id == PromotionRestaurant.restaurant_id
    for promotion, restaurant in session.execute(links.join(Restaurant, here)):
        places[promotion].add(restaurant)
    gives = dict.fromkeys(session.scalars(select(Promotion.code)))
    of = select(Promotion.code, Product.slug, ProductSize.code)
    size = ProductSize.id == Promotion.product_size_id
    for code, *key in session.execute(of.join(ProductSize, size).join(ProductSize.product)):
        gives[code] = tuple(key)
    return {
        row.code: PromotionContent(dict(row._mapping), gives[row.code], frozenset(places[row.code]))
        for row in session.execute(select(*_columns(Promotion)))
    }


def _own(session: Session) -> dict[str, Own]:
    hidden: dict[str, set[str]] = defaultdict(set)
    shelves = select(Restaurant.code, Product.slug).select_from(HiddenProduct)
    for code, slug in session.execute(shelves.join(Restaurant).join(Product)):
        hidden[code].add(slug)
    prices: dict[str, dict[SizeKey, int]] = defaultdict(dict)
    own = select(Restaurant.code, Product.slug, ProductSize.code, RestaurantPrice.price_cents)
    own = own.select_from(RestaurantPrice).join(Restaurant).join(ProductSize)
    for code, slug, size, cents in session.execute(own.join(ProductSize.product)):
        prices[code][slug, size] = cents
    meats: dict[str, dict[str, set[MeatOrigin]]] = defaultdict(lambda: defaultdict(set))
    suppliers = select(Restaurant.code, Ingredient.code, RestaurantMeat, IngredientMeat.prepared)
    suppliers = suppliers.select_from(RestaurantMeat).join(Restaurant).join(IngredientMeat)
    here = Ingredient.id == RestaurantMeat.ingredient_id
    for code, ingredient, row, prepared in session.execute(suppliers.join(Ingredient, here)):
        meats[code][ingredient].add(origin_in(row, prepared))
    codes = session.scalars(select(Restaurant.code))
    return {
        code: Own(
            frozenset(hidden[code]),
            prices[code],
            {ingredient: frozenset(each) for ingredient, each in meats[code].items()},
        )
        for code in codes
    }


def _columns(model: type[Any]) -> list[InstrumentedAttribute[Any]]:
    """Those whose values mean the same in every database."""
    keys = [attribute.key for attribute in inspect(model).column_attrs]
    return [getattr(model, key) for key in keys if key not in NOT_CONTENT]

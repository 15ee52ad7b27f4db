"""What a changed recipe would do: what can still be made where, allergens, cost."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.recipe import Amount, Cost, Recipe, added, allergens_of, cost_of, feasible
from ocpizza.domain.sorting import reading_order
from ocpizza.models.ingredient import Allergen, Ingredient
from ocpizza.models.product import Product, ProductSize
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.stock import Stock
from ocpizza.services.catalogue.ingredients import whole_ingredients
from ocpizza.services.catalogue.managing import hides
from ocpizza.services.catalogue.recipe import recipe_of


@dataclass(frozen=True, slots=True)
class SizeEffect:
    """A size's cost, before and after."""

    size: ProductSize
    before: Cost
    after: Cost


@dataclass(frozen=True, slots=True)
class PlaceEffect:
    """How many of each size a restaurant can make of today's stock, before and after."""

    restaurant: str
    feasible: list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Effect:
    """All of it."""

    gained: list[Allergen]
    lost: list[Allergen]
    sizes: list[SizeEffect]
    places: list[PlaceEffect]
    unknown: list[Ingredient]


def effect_of(session: Session, product: Product, recipe: Recipe, manager_of: int | None) -> Effect:
    """Return what it would do in place of the product's own.

    At the restaurant of the manager who asks, or everywhere (None).
    """
    old, new = recipe_of(product).amounts, recipe.amounts
    ingredients = whole_ingredients(session, {each.ingredient_id for each in (*old, *new)})
    allergens = {id: [link.allergen for link in one.allergens] for id, one in ingredients.items()}
    before, after = allergens_of(old, allergens), allergens_of(new, allergens)
    costs = {id: one.unit_cost_millicents for id, one in ingredients.items()}
    sizes = [size for size in product.sizes if size.active]
    effects = [
        SizeEffect(
            size,
            cost_of(old, size.factor_percent, costs),
            cost_of(new, size.factor_percent, costs),
        )
        for size in sizes
    ]
    unknown = [one for id, one in ingredients.items() if costs[id] is None]
    return Effect(
        added(before, after),
        added(after, before),
        effects,
        _places(session, product, [size.factor_percent for size in sizes], (old, new), manager_of),
        sorted(unknown, key=lambda one: reading_order(one.name)),
    )


def selling_places(
    session: Session, product: Product, manager_of: int | None
) -> list[tuple[int, str]]:
    """Return the open restaurants that sell a product, by name; of one manager, theirs alone."""
    where = [Restaurant.active, ~hides(product.id)]
    if manager_of is not None:
        where.append(Restaurant.id == manager_of)
    places = session.execute(select(Restaurant.id, Restaurant.name).where(*where))
    return sorted(places, key=lambda place: reading_order(place[1]))


def stocks_of(
    session: Session, restaurant_ids: Collection[int], ingredient_ids: Collection[int]
) -> Mapping[int, Mapping[int, int]]:
    """Return what each restaurant has of these ingredients today, by ingredient."""
    stocks: dict[int, dict[int, int]] = defaultdict(dict)
    here = Stock.restaurant_id.in_(restaurant_ids), Stock.ingredient_id.in_(ingredient_ids)
    columns = select(Stock.restaurant_id, Stock.ingredient_id, Stock.quantity)
    for place, ingredient, quantity in session.execute(columns.where(*here)):
        stocks[place][ingredient] = quantity
    return stocks


def _places(
    session: Session,
    product: Product,
    factors: list[int],
    recipes: tuple[tuple[Amount, ...], tuple[Amount, ...]],
    manager_of: int | None,
) -> list[PlaceEffect]:
    places = selling_places(session, product, manager_of)
    ids = {each.ingredient_id for amounts in recipes for each in amounts}
    stocks = stocks_of(session, [id for id, _ in places], ids)
    old, new = recipes
    return [
        PlaceEffect(
            name,
            [
                (feasible(old, factor, stocks[id]), feasible(new, factor, stocks[id]))
                for factor in factors
            ],
        )
        for id, name in places
    ]

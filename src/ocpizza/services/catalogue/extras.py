"""UC6.3: what may be added to a product, changed once its effect was seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from ocpizza.domain.extras import OfferedExtra
from ocpizza.domain.recipe import Amount, Cost, allergens_of, cost_of, feasible
from ocpizza.domain.sorting import reading_order
from ocpizza.models.ingredient import Allergen, Ingredient
from ocpizza.models.product import Product, ProductExtra
from ocpizza.services.catalogue.ingredients import whole_ingredients
from ocpizza.services.catalogue.managing import product_to_change, sellers_of
from ocpizza.services.catalogue.recipe import record_product_change
from ocpizza.services.catalogue.recipe_effect import selling_places, stocks_of
from ocpizza.services.stock.open import open_stocks
from ocpizza.services.trail.record import Facts, Signature

OfferedExtras = Sequence[OfferedExtra]


@dataclass(frozen=True, slots=True)
class ExtraEffect:
    """One extra: what it was before, what a portion brings and costs, how many portions each
    restaurant has today.
    """

    ingredient: Ingredient
    before: OfferedExtra | None
    after: OfferedExtra
    allergens: list[Allergen]
    cost: Cost
    portions: list[int]


@dataclass(frozen=True, slots=True)
class ExtrasEffect:
    """Those that change, the restaurants that sell the product, and what is offered no more."""

    rows: list[ExtraEffect]
    places: list[str]
    lost: list[Ingredient]


def extras_of(product: Product) -> list[OfferedExtra]:
    """Return the extras that a product has, in their order."""
    links = sorted(product.extras, key=lambda link: link.position)
    return [
        OfferedExtra(link.ingredient_id, link.quantity, link.price_cents, link.active)
        for link in links
    ]


def change_extras(
    session: Session,
    product_id: int,
    version: int,
    wanted: OfferedExtras,
    manager_of: int | None,
    signed: Signature,
) -> None:
    """Write over the `version` that was shown; what was ordered stays as it was ordered.

    Raises NotManaged and StaleVersion.
    """
    product = product_to_change(session, product_id, version, manager_of)
    if extras_of(product) == list(wanted):
        return
    before = facts(session, extras_of(product))
    _put(product, wanted)
    # Its extras are elsewhere: its own version must say that it has changed.
    product.touch_version()
    session.flush()
    ids = {each.ingredient_id for each in wanted}
    for restaurant_id in sellers_of(session, product_id):
        open_stocks(session, restaurant_id, ids)
    record_product_change(session, product, before, facts(session, wanted), signed)


def facts(session: Session, extras: OfferedExtras) -> Facts:
    """Return what the audit trail tells of extras."""
    known = whole_ingredients(session, {each.ingredient_id for each in extras})
    told = []
    for each in extras:
        one = known[each.ingredient_id]
        told.append([one.name, each.quantity, str(one.unit), each.price_cents, each.active])
    return {"extras": told}


def effect_of(
    session: Session, product: Product, wanted: OfferedExtras, manager_of: int | None
) -> ExtrasEffect:
    """Return what these would do in place of the product's own.

    At the restaurant of the manager who asks, or everywhere (None).
    """
    old = {each.ingredient_id: each for each in extras_of(product)}
    kept = {each.ingredient_id for each in wanted if each.active}
    ingredients = whole_ingredients(session, {each.ingredient_id for each in wanted} | old.keys())
    places = selling_places(session, product, manager_of)
    stocks = stocks_of(session, [id for id, _ in places], set(ingredients))
    rows = []
    for each in wanted:
        if each == old.get(each.ingredient_id):
            continue
        one = ingredients[each.ingredient_id]
        portion = [Amount(one.id, each.quantity, removable=True)]
        allergens = {one.id: [link.allergen for link in one.allergens]}
        rows.append(
            ExtraEffect(
                one,
                old.get(one.id),
                each,
                allergens_of(portion, allergens),
                cost_of(portion, 100, {one.id: one.unit_cost_millicents}),
                [feasible(portion, 100, stocks[id]) for id, _ in places],
            )
        )
    lost = [ingredients[id] for id, each in old.items() if each.active and id not in kept]
    lost.sort(key=lambda one: reading_order(one.name))
    return ExtrasEffect(rows, [name for _, name in places], lost)


def _put(product: Product, wanted: OfferedExtras) -> None:
    known = {link.ingredient_id: link for link in product.extras}
    ids = {each.ingredient_id for each in wanted}
    for id, link in known.items():
        if id not in ids:
            product.extras.remove(link)
    for position, each in enumerate(wanted):
        link = known.get(each.ingredient_id) or ProductExtra(ingredient_id=each.ingredient_id)
        link.quantity, link.price_cents = each.quantity, each.price_cents
        link.active, link.position = each.active, position
        if each.ingredient_id not in known:
            product.extras.append(link)

"""UC6.3: the text and the composition of a product, changed once their effect was seen."""

from dataclasses import replace

from sqlalchemy.orm import Session

from ocpizza.domain.hours import business_day
from ocpizza.domain.recipe import Amount, Recipe
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.product import Composition, Product
from ocpizza.models.staff_change import Subject
from ocpizza.services.catalogue.managing import note_on_menu, product_to_change, sellers_of
from ocpizza.services.stock.open import open_stocks
from ocpizza.services.trail.record import Change, Facts, Signature, record_change
from ocpizza.typography import typeset


def recipe_of(product: Product) -> Recipe:
    """Return the recipe that a product has."""
    links = sorted(product.composition, key=lambda link: link.position)
    amounts = (Amount(link.ingredient_id, link.quantity, link.removable) for link in links)
    return Recipe(product.recipe, tuple(amounts))


def change_recipe(
    session: Session,
    product_id: int,
    version: int,
    recipe: Recipe,
    manager_of: int | None,
    signed: Signature,
) -> None:
    """Write over the `version` that was shown; what was ordered stays as it was ordered.

    Raises NotManaged and StaleVersion.
    """
    product = product_to_change(session, product_id, version, manager_of)
    # As the database gives it back, so that what was only typed anew is no change.
    recipe = replace(recipe, text=typeset(recipe.text))
    if recipe_of(product) == recipe:
        return
    before = facts(session, recipe_of(product))
    product.recipe = recipe.text
    _put(product, recipe)
    note_on_menu(product, business_day(signed.at))
    # Its composition is elsewhere: its own version must say that it has changed.
    product.touch_version()
    session.flush()
    for restaurant_id in sellers_of(session, product_id):
        open_stocks(session, restaurant_id, recipe.ingredient_ids)
    record_product_change(session, product, before, facts(session, recipe), signed)


def record_product_change(
    session: Session, product: Product, before: Facts | None, after: Facts | None, signed: Signature
) -> None:
    """Write down what changed of a product, for whoever may change it."""
    sellers = sellers_of(session, product.id)
    own = sellers[0] if len(sellers) == 1 else None
    record_change(session, signed, Change(Subject.PRODUCT, before, after, own, product.name))


def facts(session: Session, recipe: Recipe) -> Facts:
    """Return what the audit trail tells of a recipe."""
    known = {id: session.get_one(Ingredient, id) for id in recipe.ingredient_ids}
    composition = []
    for amount in recipe.amounts:
        one = known[amount.ingredient_id]
        composition.append([one.name, amount.quantity, str(one.unit), amount.removable])
    return {"recipe": typeset(recipe.text), "composition": composition}


def _put(product: Product, recipe: Recipe) -> None:
    known = {link.ingredient_id: link for link in product.composition}
    for id, link in known.items():
        if id not in recipe.ingredient_ids:
            product.composition.remove(link)
    for position, amount in enumerate(recipe.amounts):
        link = known.get(amount.ingredient_id) or Composition(ingredient_id=amount.ingredient_id)
        link.quantity, link.removable = amount.quantity, amount.removable
        link.position = position
        if amount.ingredient_id not in known:
            product.composition.append(link)

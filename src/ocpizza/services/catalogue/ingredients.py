"""Ingredients as managers see them: what each is bought for, whom it suits."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from ocpizza.domain.sorting import reading_order
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.ingredient import Ingredient, Unit
from ocpizza.models.staff_change import Subject
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Change, Signature, record_change


def all_ingredients(session: Session) -> list[Ingredient]:
    """Return every ingredient by its French name, also those that are used no more."""
    found = session.scalars(select(Ingredient))
    return sorted(found, key=lambda one: reading_order(one.name))


def whole_ingredients(session: Session, ids: Collection[int]) -> dict[int, Ingredient]:
    """Return these ingredients by id, with their allergens."""
    query = select(Ingredient).where(Ingredient.id.in_(ids))
    found = session.scalars(query.options(selectinload(Ingredient.allergens)))
    return {one.id: one for one in found}


def change_ingredient(
    session: Session,
    ingredient_id: int,
    values: Mapping[str, Any],
    version: int,
    signed: Signature,
) -> Ingredient:
    """Say anew what a unit is bought for (None where nobody knows), whom it suits, its spice.

    `values` are by column; all restaurants share them. Raises StaleVersion where the ingredient is
    no longer the `version` that was shown.
    """
    lock_catalogue(session)
    query = select(Ingredient).where(Ingredient.id == ingredient_id)
    ingredient = session.scalars(query.execution_options(populate_existing=True)).one()
    before = {name: getattr(ingredient, name) for name in values}
    changed = [name for name, value in values.items() if before[name] != value]
    if not changed:
        return ingredient
    if version != ingredient.version:
        raise StaleVersion
    for name in changed:
        setattr(ingredient, name, values[name])
    session.flush()
    facts = {_fact(ingredient, name): (before[name], values[name]) for name in changed}
    old, new = ({fact: pair[side] for fact, pair in facts.items()} for side in (0, 1))
    record_change(session, signed, Change(Subject.INGREDIENT, old, new, None, ingredient.name))
    return ingredient


def _fact(ingredient: Ingredient, column: str) -> str:
    """Return what the trail calls a column; it knows no units: a cost is called by its own."""
    if column != "unit_cost_millicents":
        return column
    return f"unit_cost_{'piece' if ingredient.unit is Unit.PIECE else ingredient.unit}"

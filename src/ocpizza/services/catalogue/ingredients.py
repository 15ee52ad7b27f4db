"""Ingredients as managers see them: what each is bought for."""

from collections.abc import Collection

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


def set_unit_cost(
    session: Session, ingredient_id: int, millicents: int | None, version: int, signed: Signature
) -> Ingredient:
    """Say what a unit is bought for, None where nobody knows; all restaurants share it.

    Raises StaleVersion where the ingredient is no longer the `version` that was shown.
    """
    lock_catalogue(session)
    query = select(Ingredient).where(Ingredient.id == ingredient_id)
    ingredient = session.scalars(query.execution_options(populate_existing=True)).one()
    before = ingredient.unit_cost_millicents
    if before == millicents:
        return ingredient
    if version != ingredient.version:
        raise StaleVersion
    ingredient.unit_cost_millicents = millicents
    session.flush()
    # The trail knows no units: the fact is called by its own.
    fact = f"unit_cost_{'piece' if ingredient.unit is Unit.PIECE else ingredient.unit}"
    change = Change(Subject.INGREDIENT, {fact: before}, {fact: millicents}, None, ingredient.name)
    record_change(session, signed, change)
    return ingredient

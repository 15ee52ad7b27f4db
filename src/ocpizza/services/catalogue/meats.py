"""The meats of ingredients: what managers say of them, and what is said where."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from ocpizza.domain.meat import MeatOrigin, Meats, meats_in, origin_in, put_origin, state_of
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.meat import IngredientMeat, Meat, RestaurantMeat, meats_text
from ocpizza.models.staff_change import Subject
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.trail.record import Change, Facts, Signature, record_change


def meats_here(session: Session, restaurant_id: int) -> dict[int, Meats]:
    """Return the meats of every ingredient that has some, as they come to a restaurant."""
    has_some = exists().where(IngredientMeat.ingredient_id == Ingredient.id)
    query = select(Ingredient.id, meats_text(restaurant_id, Ingredient.id)).where(has_some)
    return {id: meats_in(text) for id, text in session.execute(query)}


def usual_meats(session: Session, ingredient_id: int) -> Meats:
    """Return an ingredient's meats from the group's supplier."""
    query = select(IngredientMeat).where(IngredientMeat.ingredient_id == ingredient_id)
    rows = session.scalars(query.execution_options(populate_existing=True)).all()
    return _in_order([origin_in(row, row.prepared) for row in rows])


def own_meats(session: Session, ingredient_id: int, restaurant_id: int) -> Meats | None:
    """Return an ingredient's meats from a restaurant's own supplier, None where it has none."""
    query = (
        select(RestaurantMeat, IngredientMeat.prepared)
        .join(
            IngredientMeat,
            (IngredientMeat.ingredient_id == RestaurantMeat.ingredient_id)
            & (IngredientMeat.meat == RestaurantMeat.meat),
        )
        .where(
            RestaurantMeat.ingredient_id == ingredient_id,
            RestaurantMeat.restaurant_id == restaurant_id,
        )
    )
    rows = session.execute(query.execution_options(populate_existing=True)).all()
    return _in_order([origin_in(row, prepared) for row, prepared in rows]) or None


def ingredients_of_own(session: Session, restaurant_id: int) -> set[int]:
    """Return the ids of the ingredients whose meats a restaurant has from a supplier of its own."""
    here = RestaurantMeat.restaurant_id == restaurant_id
    return set(session.scalars(select(RestaurantMeat.ingredient_id).where(here)))


def set_meats(
    session: Session, ingredient_id: int, meats: Meats, seen: str, signed: Signature
) -> None:
    """Say which meats an ingredient has, and where the group's supplier has them from.

    `seen` is the `state_of` what was shown. Raises StaleVersion where it is something else now.
    """
    lock_catalogue(session)
    ingredient = session.get_one(Ingredient, ingredient_id)
    before = usual_meats(session, ingredient_id)
    if before == meats:
        return
    if state_of(before) != seen:
        raise StaleVersion
    gone = [one.meat for one in before if one.meat not in {each.meat for each in meats}]
    for table in (RestaurantMeat, IngredientMeat) if gone else ():
        mine = table.ingredient_id == ingredient_id
        session.execute(delete(table).where(mine, table.meat.in_(gone)))
    for one in meats:
        row = session.get(IngredientMeat, (ingredient_id, one.meat))
        if row is None:
            row = IngredientMeat(ingredient_id=ingredient_id, meat=one.meat)
            session.add(row)
        row.prepared = one.prepared
        put_origin(row, one)
    session.flush()
    facts = _facts("meats", before), _facts("meats", meats)
    record_change(session, signed, Change(Subject.INGREDIENT, *facts, None, ingredient.name))


def set_own_meats(
    session: Session,
    ingredient_id: int,
    restaurant_id: int,
    meats: Meats | None,
    seen: str,
    signed: Signature,
) -> None:
    """Say where a restaurant's own supplier has an ingredient's meats from; None: the group's is.

    Of meats that the ingredient has not got, nothing is kept. Raises StaleVersion.
    """
    lock_catalogue(session)
    ingredient = session.get_one(Ingredient, ingredient_id)
    usual = usual_meats(session, ingredient_id)
    before = own_meats(session, ingredient_id, restaurant_id)
    if before == meats:
        return
    if state_of(before or ()) != seen:
        raise StaleVersion
    here = RestaurantMeat.ingredient_id == ingredient_id
    here &= RestaurantMeat.restaurant_id == restaurant_id
    if before:
        session.execute(delete(RestaurantMeat).where(here))
    known = {one.meat for one in usual}
    for one in meats or ():
        if one.meat in known:
            row = RestaurantMeat(
                restaurant_id=restaurant_id, ingredient_id=ingredient_id, meat=one.meat
            )
            put_origin(row, one)
            session.add(row)
    session.flush()
    facts = _facts("own_meats", before or ()), _facts("own_meats", meats or ())
    change = Change(Subject.INGREDIENT, *facts, restaurant_id, ingredient.name)
    record_change(session, signed, change)


def _in_order(meats: Sequence[MeatOrigin]) -> Meats:
    place = {meat: number for number, meat in enumerate(Meat)}
    return tuple(sorted(meats, key=lambda one: place[one.meat]))


def _facts(name: str, meats: Meats) -> Facts:
    told: list[list[Any]] = [
        [one.meat.value, one.prepared, list(one.born), list(one.reared), list(one.slaughtered)]
        for one in meats
    ]
    return {name: told}

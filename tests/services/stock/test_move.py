"""The one way stock changes."""

import pytest
from sqlalchemy import select

from factories import NOON, make_branch, make_ingredient, make_staff, stock_up
from ocpizza.models.account import Role
from ocpizza.models.stock import Reason, StockMovement
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.move import Cause, move_stock
from refusals import refused_by


def test_each_change_is_a_movement_with_who_when_and_why(session, pizzeria, add_up):
    manager = make_staff(session, Role.MANAGER)
    here, eggs = pizzeria.restaurant.id, pizzeria.ingredients["oeuf"].id
    locked = lock_stock(session, here, {eggs})
    why = {"reason": Reason.WASTE, "note": "tombés", "author_id": manager.id}
    move_stock(session, here, locked, {eggs: -6}, Cause(at=NOON, **why))
    last = session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()
    assert (last.delta, last.quantity_after, last.reason) == (-6, 99_994, Reason.WASTE)
    assert (last.author_id, last.note, last.at) == (manager.id, "tombés", NOON)
    assert pizzeria.stock_of(session, "oeuf") == 99_994
    add_up(session)


def test_what_moves_in_one_restaurant_moves_nothing_in_another(session, pizzeria, add_up):
    other = make_branch(session, pizzeria, code="city_002", name="Ailleurs")
    here, eggs = pizzeria.restaurant.id, pizzeria.ingredients["oeuf"].id
    locked = lock_stock(session, here, {eggs})
    move_stock(session, here, locked, {eggs: -6}, Cause(Reason.WASTE, NOON))
    assert (pizzeria.stock_of(session, "oeuf"), other.stock_of(session, "oeuf")) == (
        99_994,
        100_000,
    )
    add_up(session)


def test_what_does_not_change_leaves_no_movement(session, pizzeria):
    here, eggs = pizzeria.restaurant.id, pizzeria.ingredients["oeuf"].id
    before = session.scalars(select(StockMovement.id)).all()
    locked = lock_stock(session, here, {eggs})
    move_stock(session, here, locked, {eggs: 0}, Cause(Reason.CORRECTION, NOON))
    move_stock(session, here, {}, {}, Cause(Reason.CORRECTION, NOON))
    assert session.scalars(select(StockMovement.id)).all() == before


def test_what_a_restaurant_never_had_is_not_locked(session, pizzeria):
    truffle = make_ingredient(session, "truffe")
    eggs = pizzeria.ingredients["oeuf"]
    locked = lock_stock(session, pizzeria.restaurant.id, {truffle.id, eggs.id})
    assert locked == {eggs.id: 100_000}


@pytest.mark.parametrize("missing", [1, 5])
def test_no_movement_takes_more_than_there_is(session, pizzeria, add_up, missing):
    eggs, ham = pizzeria.ingredients["oeuf"], pizzeria.ingredients["jambon"]
    with refused_by(session, "ck_stock_quantity_not_negative"):
        deltas = {ham: -1, eggs: -100_000 - missing}
        stock_up(session, pizzeria.restaurant, deltas, reason=Reason.WASTE)
    assert pizzeria.stock_of(session, "jambon") == 100_000
    add_up(session)

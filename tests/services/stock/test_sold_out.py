"""« Plus de … »: to zero at once, and back within a minute."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_staff, order_of, stock_up
from ocpizza.models.account import Role
from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.stock.sold_out import (
    MovedMeanwhile,
    TooLate,
    list_undoable,
    sell_out,
    undo_sell_out,
)

SOON = NOON + timedelta(seconds=59)


@pytest.fixture
def cook(session, pizzeria) -> int:
    return make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant).id


@pytest.fixture
def ham(session, pizzeria) -> Stock:
    return session.get_one(Stock, (pizzeria.restaurant.id, pizzeria.ingredients["jambon"].id))


def last(session) -> StockMovement:
    return session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()


def test_what_there_is_no_more_of_is_off_the_menu_at_once(session, pizzeria, ham, cook, add_up):
    assert sell_out(session, ham, cook, NOON) == 100_000
    made = last(session)
    assert (made.reason, made.delta, made.quantity_after) == (Reason.SOLD_OUT, -100_000, 0)
    assert (made.author_id, made.at) == (cook, NOON)
    menu = read_menu(session, pizzeria.restaurant.id)
    assert not menu.orderable(menu.assortment.by_slug["regina"])
    assert menu.orderable(menu.assortment.by_slug["margherita"])
    add_up(session)


def test_a_second_tap_moves_nothing(session, ham, cook, add_up):
    sell_out(session, ham, cook, NOON)
    first = last(session).id
    assert sell_out(session, ham, cook, NOON) == 0
    assert last(session).id == first
    add_up(session)


def test_exactly_what_was_taken_comes_back_once(session, pizzeria, ham, cook, add_up):
    sell_out(session, ham, cook, NOON)
    taken = last(session).id
    assert undo_sell_out(session, ham, taken, cook, SOON) == 100_000
    assert undo_sell_out(session, ham, taken, cook, SOON) == 100_000
    made = last(session)
    assert (made.reason, made.delta) == (Reason.SOLD_OUT_UNDONE, 100_000)
    assert pizzeria.stock_of(session, "jambon") == 100_000
    add_up(session)


def test_after_a_minute_nothing_comes_back(session, pizzeria, ham, cook):
    sell_out(session, ham, cook, NOON)
    with pytest.raises(TooLate):
        undo_sell_out(session, ham, last(session).id, cook, NOON + timedelta(seconds=61))
    assert pizzeria.stock_of(session, "jambon") == 0


def test_nothing_but_a_shortage_of_this_stock_is_undone(session, pizzeria, ham, cook):
    opening = session.scalars(
        select(StockMovement).where(StockMovement.ingredient_id == ham.ingredient_id)
    ).one()
    eggs = session.get_one(Stock, (pizzeria.restaurant.id, pizzeria.ingredients["oeuf"].id))
    sell_out(session, eggs, cook, NOON)
    for movement in (0, opening.id, last(session).id, 999_999):
        with pytest.raises(TooLate):
            undo_sell_out(session, ham, movement, cook, NOON)


def by_delivery(session, pizzeria, order) -> None:
    ham = pizzeria.ingredients["jambon"]
    stock_up(session, pizzeria.restaurant, {ham: 500}, reason=Reason.SUPPLY)


def by_cancelling(session, pizzeria, order) -> None:
    assert cancel_order(session, order.id, None, NOON)


@pytest.mark.parametrize(
    ("changed", "left", "reason"),
    [(by_delivery, 500, Reason.SUPPLY), (by_cancelling, 60, Reason.ORDER_CANCELLED)],
)
def test_what_moved_meanwhile_is_not_added_to_unseen(
    session, pizzeria, ham, cook, add_up, changed, left, reason
):
    order = order_of(session, pizzeria, [(pizzeria.select("regina"), 1)])
    sell_out(session, ham, cook, NOON)
    taken = last(session).id
    changed(session, pizzeria, order)
    with pytest.raises(MovedMeanwhile) as refused:
        undo_sell_out(session, ham, taken, cook, SOON)
    assert refused.value.movement.reason is reason
    assert pizzeria.stock_of(session, "jambon") == left
    add_up(session)


def test_what_can_be_undone_is_offered_for_a_minute(session, pizzeria, ham, cook):
    sell_out(session, ham, cook, NOON)
    session.refresh(ham)
    assert [move.delta for move in list_undoable(session, [ham], SOON)] == [-100_000]
    assert list_undoable(session, [ham], NOON + timedelta(seconds=61)) == []
    undo_sell_out(session, ham, last(session).id, cook, SOON)
    session.refresh(ham)
    assert list_undoable(session, [ham], SOON) == []

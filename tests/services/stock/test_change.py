"""UC6.2: stock changed by hand, by people who may act at the same time as orders and each other."""

import pytest
from sqlalchemy import select

from factories import NOON, make_ingredient, make_staff, order_of, stock_up
from ocpizza.models.account import Role
from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.services.stock.change import (
    MOST_KEPT,
    ChangedMeanwhile,
    OutOfBounds,
    StockChange,
    Unchanged,
    change_stock,
)
from ocpizza.services.stock.movements import PAGE, list_movements


@pytest.fixture
def manager(session, pizzeria) -> int:
    return make_staff(session, Role.MANAGER, pizzeria.restaurant).id


@pytest.fixture
def ham(session, pizzeria) -> Stock:
    key = pizzeria.restaurant.id, pizzeria.ingredients["jambon"].id
    return session.get_one(Stock, key)


def seen(session, stock: Stock) -> int:
    return list_movements(session, stock).last.id


def newest(session, stock: Stock) -> StockMovement:
    mine = StockMovement.ingredient_id == stock.ingredient_id
    query = select(StockMovement).where(mine, StockMovement.restaurant_id == stock.restaurant_id)
    return session.scalars(query.order_by(StockMovement.id.desc())).first()


@pytest.mark.parametrize(
    ("reason", "said", "delta"),
    [
        (Reason.SUPPLY, 5000, 5000),
        (Reason.WASTE, 300, -300),
        (Reason.CORRECTION, 99_000, -1000),
        (Reason.CORRECTION, 100_200, 200),
        (Reason.CORRECTION, 0, -100_000),
    ],
)
def test_a_change_is_a_movement_with_who_when_and_why(
    session, ham, manager, add_up, reason, said, delta
):
    change = StockChange(reason, said, "un mot", seen(session, ham))
    assert change_stock(session, ham, change, manager, NOON) == 100_000 + delta
    made = newest(session, ham)
    assert (made.delta, made.reason, made.note) == (delta, reason, "un mot")
    assert (made.author_id, made.at) == (manager, NOON)
    add_up(session)


@pytest.mark.parametrize("reason", [Reason.SUPPLY, Reason.WASTE, Reason.CORRECTION])
def test_the_same_sent_twice_is_written_once(session, ham, manager, add_up, reason):
    change = StockChange(reason, 700, "", seen(session, ham))
    first = change_stock(session, ham, change, manager, NOON)
    assert change_stock(session, ham, change, manager, NOON) == first
    assert newest(session, ham).quantity_after == first
    add_up(session)


def test_a_colleague_who_was_quicker_is_not_written_over(session, pizzeria, ham, manager):
    before = seen(session, ham)
    other = make_staff(session, Role.MANAGER, pizzeria.restaurant).id
    change = StockChange(Reason.SUPPLY, 700, "", before)
    change_stock(session, ham, change, other, NOON)
    with pytest.raises(ChangedMeanwhile):
        change_stock(session, ham, change, manager, NOON)
    again = StockChange(Reason.SUPPLY, 700, "", seen(session, ham))
    assert change_stock(session, ham, again, manager, NOON) == 101_400


def test_what_was_sold_since_the_page_was_shown_is_respected(
    session, pizzeria, ham, manager, add_up
):
    before = seen(session, ham)
    order_of(session, pizzeria, [(pizzeria.select("regina"), 2)])
    correction = StockChange(Reason.CORRECTION, 90_000, "", before)
    assert change_stock(session, ham, correction, manager, NOON) == 90_000 - 120
    add_up(session)


def test_a_correction_ends_at_nothing_where_more_was_sold_than_there_was(
    session, pizzeria, ham, manager, add_up
):
    before = seen(session, ham)
    order_of(session, pizzeria, [(pizzeria.select("regina"), 2)])
    change = StockChange(Reason.CORRECTION, 50, "", before)
    assert change_stock(session, ham, change, manager, NOON) == 0
    assert change_stock(session, ham, change, manager, NOON) == 0
    add_up(session)


def test_nothing_is_thrown_away_that_there_is_not(session, ham, manager, add_up):
    change = StockChange(Reason.WASTE, 100_001, "", seen(session, ham))
    with pytest.raises(OutOfBounds) as refused:
        change_stock(session, ham, change, manager, NOON)
    assert refused.value.left == 100_000
    add_up(session)


def test_no_stock_grows_beyond_what_a_column_holds(session, ham, manager):
    change = StockChange(Reason.SUPPLY, MOST_KEPT, "", seen(session, ham))
    with pytest.raises(OutOfBounds):
        change_stock(session, ham, change, manager, NOON)


def test_a_correction_to_what_there_is_moves_nothing(session, ham, manager):
    before = seen(session, ham)
    with pytest.raises(Unchanged):
        change_stock(
            session, ham, StockChange(Reason.CORRECTION, 100_000, "", before), manager, NOON
        )
    assert seen(session, ham) == before


@pytest.mark.parametrize("which", ["none", "of another stock"])
def test_whoever_says_not_what_they_saw_is_shown_it_first(session, pizzeria, ham, manager, which):
    key = pizzeria.restaurant.id, pizzeria.ingredients["oeuf"].id
    shown = 0 if which == "none" else seen(session, session.get_one(Stock, key))
    with pytest.raises(ChangedMeanwhile):
        change_stock(session, ham, StockChange(Reason.SUPPLY, 1, "", shown), manager, NOON)


def test_the_first_delivery_of_all_needs_nothing_seen(session, pizzeria, manager, add_up):
    truffle = Stock(restaurant_id=pizzeria.restaurant.id)
    truffle.ingredient = make_ingredient(session, "truffe")
    session.add(truffle)
    session.flush()
    change = StockChange(Reason.SUPPLY, 20, "", 0)
    assert change_stock(session, truffle, change, manager, NOON) == 20
    assert change_stock(session, truffle, change, manager, NOON) == 20
    add_up(session)


def test_movements_are_read_page_by_page_forth_and_back(session, pizzeria, ham):
    for _ in range(2 * PAGE):
        stock_up(session, pizzeria.restaurant, {pizzeria.ingredients["jambon"]: 1})
    first = list_movements(session, ham)
    assert (len(first.rows), first.newer, first.older) == (PAGE, False, True)
    second = list_movements(session, ham, before=first.rows[-1].StockMovement.id)
    assert (len(second.rows), second.newer, second.older) == (PAGE, True, True)
    third = list_movements(session, ham, before=second.rows[-1].StockMovement.id)
    assert (len(third.rows), third.newer, third.older) == (1, True, False)
    back = list_movements(session, ham, after=third.rows[0].StockMovement.id)
    assert ids(back) == ids(second)
    assert ids(list_movements(session, ham, after=second.rows[0].StockMovement.id)) == ids(first)
    assert len({*ids(first), *ids(second), *ids(third)}) == 2 * PAGE + 1


def ids(page) -> list[int]:
    return [row.StockMovement.id for row in page.rows]


def test_a_movement_of_another_stock_leads_to_the_newest(session, pizzeria, ham):
    key = pizzeria.restaurant.id, pizzeria.ingredients["oeuf"].id
    of_eggs = seen(session, session.get_one(Stock, key))
    assert ids(list_movements(session, ham, before=of_eggs)) == ids(list_movements(session, ham))

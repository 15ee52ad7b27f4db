"""Stock-taking: what was counted, when, and what becomes of it while the restaurant sells."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_staff, order_of, stock_up
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.models.stock_count import CountState
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.stock.change import StockChange, change_stock
from ocpizza.services.stock.count import (
    Counted,
    CountedMeanwhile,
    NoCount,
    begin_count,
    count_stock,
    find_open,
    give_up_count,
    lines_of,
    newest_count,
)
from ocpizza.services.stock.movements import list_movements
from ocpizza.services.stock.record_count import differences, record_count

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def manager(session, pizzeria) -> int:
    return make_staff(session, Role.MANAGER, pizzeria.restaurant).id


@pytest.fixture
def ham(session, pizzeria) -> Stock:
    return session.get_one(Stock, (pizzeria.restaurant.id, pizzeria.ingredients["jambon"].id))


@pytest.fixture
def count(session, pizzeria, manager):
    return begin_count(session, pizzeria.restaurant.id, manager, NOON)


def record(session, count, manager) -> int:
    return record_count(session, count.id, count.restaurant_id, count.version, manager, LATER)


def found(session, count):
    (only,) = differences(session, count)
    return only


def test_a_count_that_goes_on_is_gone_on_with(session, pizzeria, count, manager):
    other = make_staff(session, Role.MANAGER, pizzeria.restaurant).id
    assert begin_count(session, pizzeria.restaurant.id, other, LATER) is count
    assert find_open(session, pizzeria.restaurant.id) is count


def test_a_difference_is_shown_before_it_is_a_movement(session, pizzeria, ham, count, manager):
    count_stock(session, ham, Counted(99_400, None), manager, NOON)
    shown = found(session, count)
    assert (shown.line.expected, shown.delta, shown.left) == (100_000, -600, 99_400)
    assert pizzeria.stock_of(session, "jambon") == 100_000


def test_recording_writes_one_movement_for_each_difference(
    session, pizzeria, ham, count, manager, add_up
):
    eggs = session.get_one(Stock, (pizzeria.restaurant.id, pizzeria.ingredients["oeuf"].id))
    count_stock(session, ham, Counted(99_400, None), manager, NOON)
    count_stock(session, eggs, Counted(100_000, None), manager, NOON)
    assert record(session, count, manager) == 1
    made = list_movements(session, ham).last
    assert (made.delta, made.reason, made.author_id) == (-600, Reason.COUNT, manager)
    assert (made.at, made.quantity_after) == (LATER, 99_400)
    assert {line.moved for line in lines_of(session, count).values()} == {-600, 0}
    assert (count.state, count.ended_at) == (CountState.RECORDED, LATER)
    assert find_open(session, pizzeria.restaurant.id) is None
    assert newest_count(session, pizzeria.restaurant.id) is count
    add_up(session)


def test_recorded_twice_moves_once(session, pizzeria, ham, count, manager, add_up):
    count_stock(session, ham, Counted(99_400, None), manager, NOON)
    assert [record(session, count, manager) for _ in range(2)] == [1, 0]
    assert pizzeria.stock_of(session, "jambon") == 99_400
    add_up(session)


def test_what_was_sold_after_counting_stays_sold(session, pizzeria, ham, count, manager, add_up):
    count_stock(session, ham, Counted(99_000, None), manager, NOON)
    order_of(session, pizzeria, [(pizzeria.select("regina"), 3)])
    stock_up(session, pizzeria.restaurant, {pizzeria.ingredients["jambon"]: 5000}, at=LATER)
    assert found(session, count).delta == -1000
    record(session, count, manager)
    assert pizzeria.stock_of(session, "jambon") == 100_000 - 1000 - 180 + 5000
    add_up(session)


def test_what_is_ordered_but_not_begun_is_still_on_the_shelf(
    session, pizzeria, ham, count, manager, add_up
):
    waiting = order_of(session, pizzeria, [(pizzeria.select("regina"), 1)])
    order_of(session, pizzeria, [(pizzeria.select("regina"), 2)], status=Status.PREPARING)
    count_stock(session, ham, Counted(99_880, None), manager, NOON)
    assert found(session, count).delta == 0
    cancel_order(session, waiting.id, None, NOON)
    assert record(session, count, manager) == 0
    assert pizzeria.stock_of(session, "jambon") == 99_880
    add_up(session)


def test_a_difference_never_takes_more_than_there_is(
    session, pizzeria, ham, count, manager, add_up
):
    count_stock(session, ham, Counted(50, None), manager, NOON)
    order_of(session, pizzeria, [(pizzeria.select("regina"), 1)])
    assert found(session, count).left == 0
    record(session, count, manager)
    assert pizzeria.stock_of(session, "jambon") == 0
    add_up(session)


def test_a_stock_that_was_corrected_after_counting_is_to_be_counted_anew(
    session, pizzeria, ham, count, manager, add_up
):
    count_stock(session, ham, Counted(90_000, None), manager, NOON)
    seen = list_movements(session, ham).last.id
    correction = StockChange(Reason.CORRECTION, 90_000, "", seen)
    change_stock(session, ham, correction, manager, NOON + timedelta(minutes=5))
    assert (found(session, count).overruled, found(session, count).delta) == (True, 0)
    count_stock(session, ham, Counted(90_000, 90_000), manager, NOON + timedelta(minutes=6))
    assert not found(session, count).overruled
    assert record(session, count, manager) == 0
    assert pizzeria.stock_of(session, "jambon") == 90_000
    add_up(session)


def test_what_was_counted_since_the_differences_were_shown_is_shown_first(
    session, ham, count, manager
):
    count_stock(session, ham, Counted(99_000, None), manager, NOON)
    shown = count.version
    count_stock(session, ham, Counted(98_000, 99_000), manager, NOON)
    with pytest.raises(StaleVersion):
        record_count(session, count.id, count.restaurant_id, shown, manager, LATER)


def test_two_who_count_the_same_shelf_are_told_of_each_other(
    session, pizzeria, ham, count, manager
):
    other = make_staff(session, Role.MANAGER, pizzeria.restaurant).id
    count_stock(session, ham, Counted(99_000, None), manager, NOON)
    with pytest.raises(CountedMeanwhile) as told:
        count_stock(session, ham, Counted(98_000, None), other, NOON)
    assert (told.value.line.counted, told.value.line.author_id) == (99_000, manager)
    count_stock(session, ham, Counted(98_000, 99_000), other, NOON)
    assert found(session, count).line.counted == 98_000


def test_the_same_count_sent_twice_is_one(session, ham, count, manager):
    for _ in range(2):
        count_stock(session, ham, Counted(99_000, None), manager, NOON)
    assert found(session, count).line.counted == 99_000


def test_what_was_given_up_changes_nothing(session, pizzeria, ham, count, manager, add_up):
    count_stock(session, ham, Counted(99_000, None), manager, NOON)
    give_up_count(session, count.id, count.restaurant_id, LATER)
    for act in (
        lambda: give_up_count(session, count.id, count.restaurant_id, LATER),
        lambda: record(session, count, manager),
        lambda: count_stock(session, ham, Counted(1, None), manager, LATER),
    ):
        with pytest.raises(NoCount):
            act()
    assert pizzeria.stock_of(session, "jambon") == 100_000
    counts = select(StockMovement).where(StockMovement.reason == Reason.COUNT)
    assert session.scalars(counts).all() == []
    add_up(session)


def test_a_count_of_another_restaurant_is_none(session, ham, count, manager):
    with pytest.raises(NoCount):
        record_count(session, count.id, count.restaurant_id + 1, 1, manager, LATER)

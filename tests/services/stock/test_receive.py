"""UC6.2: a delivery of several ingredients: all of it at once, the same sent twice only once."""

import pytest
from sqlalchemy import select

from factories import NOON, make_staff
from ocpizza.models.account import Role
from ocpizza.models.stock import Reason, StockMovement
from ocpizza.services.stock.change import MOST_KEPT
from ocpizza.services.stock.receive import NoRoom, Received, newest_movement, receive


@pytest.fixture
def manager(session, pizzeria) -> int:
    return make_staff(session, Role.MANAGER, pizzeria.restaurant).id


def came(session, pizzeria, note="Bon 12", **quantities: int) -> Received:
    """What came, as a page says it that is shown now."""
    by_id = {pizzeria.ingredients[code].id: count for code, count in quantities.items()}
    return Received(by_id, note, newest_movement(session))


def test_everything_that_came_is_a_movement_with_who_when_and_why(
    session, pizzeria, manager, add_up
):
    before = pizzeria.stock_of(session, "jambon"), pizzeria.stock_of(session, "oeuf")
    here = pizzeria.restaurant.id
    receive(session, here, came(session, pizzeria, jambon=5000, oeuf=90), manager, NOON)
    after = pizzeria.stock_of(session, "jambon"), pizzeria.stock_of(session, "oeuf")
    assert after == (before[0] + 5000, before[1] + 90)
    made = session.scalars(select(StockMovement).where(StockMovement.reason == Reason.SUPPLY)).all()
    assert {(one.author_id, one.at, one.note) for one in made} == {(manager, NOON, "Bon 12")}
    add_up(session)


def test_the_same_sent_twice_is_added_once(session, pizzeria, manager, add_up):
    received = came(session, pizzeria, jambon=5000, oeuf=90)
    for _time in range(2):
        receive(session, pizzeria.restaurant.id, received, manager, NOON)
    made = session.scalars(select(StockMovement).where(StockMovement.note == "Bon 12")).all()
    assert len(made) == 2
    add_up(session)


def test_as_much_again_told_on_a_page_of_its_own_is_added(session, pizzeria, manager, add_up):
    before = pizzeria.stock_of(session, "jambon")
    for _delivery in range(2):
        receive(session, pizzeria.restaurant.id, came(session, pizzeria, jambon=700), manager, NOON)
    assert pizzeria.stock_of(session, "jambon") == before + 1400
    add_up(session)


def test_where_one_thing_has_no_room_nothing_is_added(session, pizzeria, manager):
    before = pizzeria.stock_of(session, "oeuf")
    too_much = came(session, pizzeria, jambon=MOST_KEPT, oeuf=12)
    with pytest.raises(NoRoom) as refused:
        receive(session, pizzeria.restaurant.id, too_much, manager, NOON)
    assert refused.value.ingredient_ids == {pizzeria.ingredients["jambon"].id}
    assert pizzeria.stock_of(session, "oeuf") == before

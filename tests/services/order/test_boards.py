"""UC4.5, UC4.1: each sees the orders they work on."""

from datetime import timedelta

import pytest

from databases import counted_statements
from factories import NOON, advance_to, author_of, make_branch, make_staff, order_of
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.catalogue.cache import catalogue_token
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.order.boards import (
    board_version,
    counter_cards,
    deliveries_of,
    delivery_cards,
    kitchen_cards,
    load_tickets,
)


def later(minutes: int):
    return NOON + timedelta(minutes=minutes)


def ids(found) -> list[int]:
    return [each.id for each in found]


def test_the_oldest_order_comes_first(session, pizzeria):
    second, first, third = (order_of(session, pizzeria, now=later(m)) for m in (5, 0, 9))
    assert ids(kitchen_cards(session, pizzeria.restaurant.id)) == ids([first, second, third])


def test_the_kitchen_has_what_it_works_on_at_its_restaurant(session, pizzeria):
    other = make_branch(session, pizzeria, code="city_002")
    order_of(session, other)
    ready = order_of(session, pizzeria, status=Status.READY)
    waiting = order_of(session, pizzeria)
    for status in (Status.OUT_FOR_DELIVERY, Status.DELIVERED):
        order_of(session, pizzeria, status=status)
    assert set(ids(kitchen_cards(session, pizzeria.restaurant.id))) == {ready.id, waiting.id}


def test_a_card_says_how_its_order_stands(session, pizzeria):
    order = order_of(session, pizzeria)
    session.flush()
    (card,) = kitchen_cards(session, pizzeria.restaurant.id)
    for name in card._fields[:-1]:
        assert getattr(card, name) == getattr(order, name)
    assert card.catalogue_token == catalogue_token(session)


def test_who_is_to_be_called_comes_before_those_who_come(session, pizzeria):
    first, second = (order_of(session, pizzeria, now=later(m)) for m in (9, 0))
    for order, minutes in ((first, 20), (second, 30)):
        order.confirm_by = later(minutes)
    soon, late = (
        order_of(session, pizzeria, mode=Mode.TAKEAWAY, status=Status.READY, now=later(m))
        for m in (-40, 3)
    )
    order_of(session, pizzeria)
    order_of(session, pizzeria, status=Status.READY)
    order_of(
        session,
        make_branch(session, pizzeria, code="city_002"),
        mode=Mode.TAKEAWAY,
        status=Status.READY,
    )
    session.flush()
    found = ids(counter_cards(session, pizzeria.restaurant.id))
    assert found == ids([first, second, soon, late])


def test_a_driver_sees_what_is_ready_and_their_own_on_the_road(session, pizzeria):
    mine, theirs, ready, at_the_counter = (
        order_of(session, pizzeria, mode=mode, status=Status.READY, now=later(minutes))
        for minutes, mode in enumerate([Mode.DELIVERY] * 3 + [Mode.TAKEAWAY])
    )
    order_of(session, pizzeria, status=Status.PREPARING)
    drivers = [make_staff(session, Role.DRIVER, pizzeria.restaurant) for _ in "ab"]
    step = (Status.READY, Status.OUT_FOR_DELIVERY)
    for order, driver in zip((mine, theirs), drivers, strict=True):
        advance_order(session, order.id, Step(*step), author_of(driver), NOON)
    session.flush()
    here = pizzeria.restaurant.id
    assert deliveries_of(session, here, drivers[0].id) == [mine, ready]
    assert deliveries_of(session, here, drivers[1].id) == [theirs, ready]
    assert deliveries_of(session, here, None) == [mine, theirs, ready]
    for driver_id in (drivers[0].id, drivers[1].id, None):
        wanted = deliveries_of(session, here, driver_id)
        assert set(ids(delivery_cards(session, here, driver_id))) == set(ids(wanted))
    assert ids(counter_cards(session, here)) == [at_the_counter.id]


def test_what_is_eaten_here_is_handed_over_at_the_counter(session, pizzeria):
    order = order_of(session, pizzeria, mode=Mode.EAT_IN, status=Status.READY)
    assert ids(counter_cards(session, pizzeria.restaurant.id)) == [order.id]


def test_a_board_changes_with_its_orders_and_not_by_itself(session, pizzeria):
    here = pizzeria.restaurant.id
    versions = [board_version(session, here)]
    order = order_of(session, pizzeria)
    versions.append(board_version(session, here))
    advance_to(session, order, Status.ACCEPTED)
    versions.append(board_version(session, here))
    assert len(set(versions)) == 3
    order_of(session, make_branch(session, pizzeria, code="city_002"))
    assert board_version(session, here) == versions[-1]


def test_a_board_changes_with_an_order_left_open_for_days(session, pizzeria):
    order = order_of(session, pizzeria, now=NOON - timedelta(days=5))
    before = board_version(session, pizzeria.restaurant.id)
    advance_to(session, order, Status.ACCEPTED)
    assert board_version(session, pizzeria.restaurant.id) != before


@pytest.mark.parametrize("number", [1, 4])
def test_a_board_takes_the_same_few_statements_however_long_it_is(session, pizzeria, number):
    for _ in range(number):
        order_of(session, pizzeria, [(pizzeria.select("regina"), 1), (pizzeria.select("cola"), 2)])
    here = pizzeria.restaurant.id
    session.expunge_all()
    with counted_statements(session.connection()) as statements:
        for order in load_tickets(session, ids(kitchen_cards(session, here))):
            assert read_contents(order)
    assert len(statements) <= 5


def read_contents(order: Order) -> list:
    parts = [part for line in order.revision.lines for part in line.parts]
    return [used.ingredient.name for part in parts for used in part.ingredients]

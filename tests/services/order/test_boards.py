"""UC4.5, UC4.1, B5: each sees the orders they work on, and one order whole."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from databases import counted_statements
from factories import NOON, advance_to, author_of, make_branch, make_staff, order_of
from ocpizza.domain.settlement import settlement
from ocpizza.models.account import Account, Role
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
from ocpizza.services.order.queries import (
    find_order,
    find_proved,
    find_tracked,
    load_order,
    load_progress,
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


def test_an_order_is_found_by_its_number_however_it_is_typed(session, pizzeria):
    order = order_of(session, pizzeria)
    typed = order.number.replace("-", " ").lower()
    assert find_order(session, typed) is order
    assert find_order(session, "2222-2222") is None
    assert find_order(session, "") is None


def test_an_order_of_another_restaurant_is_not_found_here(session, pizzeria):
    order = order_of(session, pizzeria)
    assert find_order(session, order.number, pizzeria.restaurant.id) is order
    assert find_order(session, order.number, pizzeria.restaurant.id + 1) is None


def test_an_order_is_shown_to_who_knows_its_phone_or_email(session, pizzeria):
    order = order_of(session, pizzeria, email="stanley@example.org")
    for contact in ("+33612345678", "stanley@example.org"):
        assert find_proved(session, order.number.lower(), contact) is order
    for contact in ("+33612345679", "", "stanley"):
        assert find_proved(session, order.number, contact) is None


def test_no_contact_opens_an_order_that_has_none(session, pizzeria):
    order = order_of(session, pizzeria, email=None)
    assert find_proved(session, order.number, "None") is None


def test_the_secret_link_finds_its_order(session, pizzeria):
    order = order_of(session, pizzeria)
    found = find_tracked(session, order.tracking_token)
    names = ("id", "version", "status", "number", "mode", "expected_at")
    assert [found._mapping[name] for name in names] == [getattr(order, name) for name in names]
    here = pizzeria.restaurant
    assert found[len(names) :] == (here.preparation_minutes, here.delivery_minutes)
    assert find_tracked(session, order.number) is None


@pytest.mark.parametrize("status", [Status.TO_PREPARE, Status.READY, Status.DELIVERED])
def test_how_far_an_order_has_come_is_one_statement(session, pizzeria, status):
    order = order_of(session, pizzeria, status=status)
    whole = load_order(session, order.id)
    known = (whole.reached, settlement(whole), whole.changeable, whole.restaurant.delivery_minutes)
    session.expunge_all()
    with counted_statements(session.connection()) as statements:
        found = load_progress(session, order.id)
        told = (found.reached, settlement(found), found.changeable)
    assert (*told, found.restaurant.delivery_minutes) == known
    assert len(statements) == 1


def read_everything(order: Order) -> list:
    return [
        order.restaurant.name,
        [event.author.full_name if event.author else None for event in order.events],
        [
            [(used.use, used.ingredient.name) for used in part.ingredients]
            for line in order.revision.lines
            for part in line.parts
        ],
    ]


@pytest.mark.parametrize("number", [1, 4])
def test_a_board_takes_the_same_few_statements_however_long_it_is(session, pizzeria, number):
    for _ in range(number):
        order_of(session, pizzeria, [(pizzeria.select("regina"), 1), (pizzeria.select("cola"), 2)])
    here = pizzeria.restaurant.id
    session.expunge_all()
    with counted_statements(session.connection()) as statements:
        for order in load_tickets(session, ids(kitchen_cards(session, here))):
            assert read_everything_but_events(order)
    assert len(statements) <= 5


def read_everything_but_events(order: Order) -> list:
    parts = [part for line in order.revision.lines for part in line.parts]
    return [used.ingredient.name for part in parts for used in part.ingredients]


def test_one_order_whole_takes_few_statements(session, pizzeria):
    order_id = order_of(session, pizzeria, status=Status.DELIVERED).id
    session.expunge_all()
    with counted_statements(session.connection()) as statements:
        told = read_everything(load_order(session, order_id))
    assert told[0] == pizzeria.restaurant.name
    assert len(told[1]) == 6
    assert len(statements) <= 5
    assert session.scalars(select(Account)).first()

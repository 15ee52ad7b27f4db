"""B5: one order is found by what whoever asks knows of it, and read at once."""

import pytest
from sqlalchemy import select

from databases import counted_statements
from factories import order_of
from ocpizza.domain.settlement import settlement
from ocpizza.models.account import Account
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.services.order.queries import (
    find_order,
    find_proved,
    find_tracked,
    load_order,
    load_progress,
)


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


def test_one_order_whole_takes_few_statements(session, pizzeria):
    order_id = order_of(session, pizzeria, status=Status.DELIVERED).id
    session.expunge_all()
    with counted_statements(session.connection()) as statements:
        told = read_everything(load_order(session, order_id))
    assert told[0] == pizzeria.restaurant.name
    assert len(told[1]) == 6
    assert len(statements) <= 5
    assert session.scalars(select(Account)).first()

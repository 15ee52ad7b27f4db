"""Who calls is found among those who have ordered at this restaurant, and nobody else."""

from datetime import timedelta

import pytest

from factories import NOON, Pizzeria, make_branch, make_pizzeria, order_of
from ocpizza.models.order import Source
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.callers import find_callers
from ocpizza.services.privacy.erase_orders import erase_orders


@pytest.fixture
def pizzeria(session) -> Pizzeria:
    return make_pizzeria(session)


def found(session, pizzeria, typed) -> list[str]:
    session.flush()
    return [known.caller.name for known in find_callers(session, pizzeria.restaurant.id, typed)]


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("5678", True),
        ("345678", True),
        ("06 12 34 56 78", True),
        ("+33612345678", True),
        ("678", False),
        ("5679", False),
        ("995678", False),
        ("mart", True),
        ("STANLEY", True),
        ("stanley martin", True),
        ("ma", False),
        ("soki", False),
        ("", False),
        ("%", False),
    ],
)
def test_the_end_of_a_number_or_letters_of_a_name_find_a_customer(session, pizzeria, typed, known):
    order_of(session, pizzeria)
    assert found(session, pizzeria, typed) == (["Stanley Martin"] if known else [])


def test_a_caller_has_their_latest_orders_whole(session, pizzeria):
    orders = [order_of(session, pizzeria, now=NOON + timedelta(minutes=n)) for n in range(5)]
    session.flush()
    (known,) = find_callers(session, pizzeria.restaurant.id, "5678")
    assert list(known.orders) == orders[:1:-1]
    assert [line.name for line in known.orders[0].revision.lines] == ["Margherita"]


def test_nobody_of_another_restaurant_is_found(session, pizzeria):
    branch = make_branch(session, pizzeria, code="city_002", name="OC Pizza Montparnasse")
    order_of(session, branch)
    assert found(session, pizzeria, "5678") == found(session, pizzeria, "martin") == []
    assert found(session, branch, "5678") == ["Stanley Martin"]


def test_nobody_is_found_who_was_erased_or_gave_no_number(session, pizzeria):
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY, status=Status.DELIVERED)
    order_of(session, pizzeria, source=Source.COUNTER, phone=None, contact_name="Hervé Petit")
    erase_orders(session, [order.id], NOON)
    assert found(session, pizzeria, "5678") == []
    assert found(session, pizzeria, "martin") == found(session, pizzeria, "petit") == []


def test_a_customer_of_long_ago_is_found_by_their_number(session, pizzeria):
    order_of(session, pizzeria, now=NOON - timedelta(days=700))
    assert found(session, pizzeria, "5678") == ["Stanley Martin"]

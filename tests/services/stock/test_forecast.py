"""What a restaurant runs out of, from what orders took a week ago."""

from datetime import timedelta
from fractions import Fraction

import pytest

from factories import NOON, make_branch, order_of
from ocpizza.models.stock import Stock
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.stock.forecast import shortages, sold_out

WEEK, HOUR = timedelta(days=7), timedelta(hours=1)


@pytest.fixture
def leave(session, pizzeria):
    """Leave so much of an ingredient on the shelves."""

    def leave(code: str, quantity: int) -> None:
        key = (pizzeria.restaurant.id, pizzeria.ingredients[code].id)
        session.get_one(Stock, key).quantity = quantity
        session.flush()

    return leave


def told(session, pizzeria, pace=Fraction(1), now=NOON):
    found = shortages(session, pizzeria.restaurant.id, pace, now)
    return [(each.stock.ingredient.code, each.at) for each in found]


def test_what_orders_took_a_week_ago_after_this_hour_is_what_it_lasts(session, pizzeria, leave):
    for hours in (-1, 1, 2, 3):
        order_of(session, pizzeria, now=NOON - WEEK + hours * HOUR)
    # 120 g a Margherita.
    leave("mozzarella", 240)
    assert told(session, pizzeria) == [("mozzarella", NOON + 2 * HOUR)]
    assert told(session, pizzeria, Fraction(2)) == [("mozzarella", NOON + HOUR)]


def test_tomorrow_counts_and_the_day_after_does_not(session, pizzeria, leave):
    for days in (0, 1, 2):
        order_of(session, pizzeria, now=NOON - WEEK + timedelta(days=days, hours=1))
    leave("mozzarella", 240)
    leave("farine", 480)
    assert told(session, pizzeria) == [("mozzarella", NOON + timedelta(days=1, hours=1))]


def test_what_was_cancelled_or_moved_by_hand_is_no_use(session, pizzeria, leave):
    order = order_of(session, pizzeria, now=NOON - WEEK + HOUR)
    cancel_order(session, order.id, None, NOON - WEEK + HOUR)
    leave("mozzarella", 120)
    assert told(session, pizzeria, now=NOON - HOUR) != []
    leave("mozzarella", 121)
    assert told(session, pizzeria, now=NOON - HOUR) == []


def test_what_is_gone_comes_first_and_another_restaurants_is_its_own(session, pizzeria, leave):
    branch = make_branch(session, pizzeria, code="city_002")
    order_of(session, pizzeria, now=NOON - WEEK + HOUR)
    order_of(session, branch, now=NOON - WEEK + HOUR)
    leave("mozzarella", 1)
    leave("oeuf", 0)
    assert told(session, pizzeria) == [("oeuf", None), ("mozzarella", NOON + HOUR)]
    assert told(session, branch) == []
    gone = sold_out(session)[pizzeria.restaurant.id]
    assert [ingredient.code for ingredient in gone] == ["oeuf"]
    assert branch.restaurant.id not in sold_out(session)

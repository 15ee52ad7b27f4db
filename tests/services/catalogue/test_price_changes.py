"""Prices that take effect later do so in time, in order, and once."""

from datetime import timedelta

from sqlalchemy import select

from factories import NOON, make_branch
from ocpizza.models.price import PriceChange, RestaurantPrice
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.price_changes import make_due_changes

HOUR = timedelta(hours=1)


def plan(session, pizzeria, cents, at, restaurant=None) -> PriceChange:
    change = PriceChange(
        restaurant_id=restaurant.id if restaurant else None,
        product_size_id=pizzeria.size("margherita").id,
        price_cents=cents,
        effective_at=at,
    )
    session.add(change)
    session.flush()
    return change


def price(session, pizzeria) -> int:
    menu = read_menu(session, pizzeria.restaurant.id)
    return menu.assortment.by_size[pizzeria.size("margherita").id][1].price_cents


def test_a_price_changes_when_its_time_has_come_and_once(session, pizzeria):
    change = plan(session, pizzeria, 1000, NOON)
    size = pizzeria.size("margherita")
    version = size.version
    assert make_due_changes(session, NOON - HOUR) == 0
    assert price(session, pizzeria) == 950
    assert make_due_changes(session, NOON) == 1
    assert (price(session, pizzeria), change.applied_at) == (1000, NOON)
    assert size.version == version + 1
    size.price_cents = 1100
    session.flush()
    assert make_due_changes(session, NOON + HOUR) == 0
    assert price(session, pizzeria) == 1100


def test_of_two_the_later_one_stays_whichever_was_written_first(session, pizzeria):
    plan(session, pizzeria, 1200, NOON)
    plan(session, pizzeria, 1100, NOON - HOUR)
    assert make_due_changes(session, NOON) == 2
    assert price(session, pizzeria) == 1200


def test_a_restaurant_changes_its_own_price_and_nobody_elses(session, pizzeria):
    other = make_branch(session, pizzeria, code="city_002")
    plan(session, pizzeria, 1300, NOON, pizzeria.restaurant)
    plan(session, pizzeria, 1400, NOON, other.restaurant)
    plan(session, pizzeria, 1500, NOON)
    assert make_due_changes(session, NOON, pizzeria.restaurant.id) == 1
    assert (price(session, pizzeria), price(session, other)) == (1300, 950)
    assert make_due_changes(session, NOON) == 2
    assert (price(session, pizzeria), price(session, other)) == (1300, 1400)
    plan(session, pizzeria, 1350, NOON, pizzeria.restaurant)
    assert make_due_changes(session, NOON) == 1
    own = select(RestaurantPrice.version).where(
        RestaurantPrice.restaurant_id == pizzeria.restaurant.id
    )
    assert session.scalars(own).all() == [2]

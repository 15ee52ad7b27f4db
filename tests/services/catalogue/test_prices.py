"""Prices of sizes: the group's and a restaurant's own, at once or later, told and never lost."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from factories import NOON, author_of, make_branch, make_ingredient, make_staff
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Role
from ocpizza.models.price import PriceChange
from ocpizza.models.product import Composition
from ocpizza.models.staff_change import StaffChange
from ocpizza.models.stock import Stock
from ocpizza.services.catalogue.assortment import sell_here
from ocpizza.services.catalogue.cache import catalogue_token
from ocpizza.services.catalogue.managing import NotManaged
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.price_changes import make_due_changes
from ocpizza.services.catalogue.prices import (
    AlreadyPlanned,
    ChangeGone,
    NewPrice,
    call_off,
    drop_own_price,
    prices_of,
    set_price,
)
from ocpizza.services.trail.record import Signature

DAY = timedelta(days=1)


@pytest.fixture
def signed(session, pizzeria) -> Signature:
    return Signature(author_of(make_staff(session, Role.MANAGER)), NOON)


def price(session, pizzeria) -> int:
    menu = read_menu(session, pizzeria.restaurant.id)
    return menu.assortment.by_size[pizzeria.size("margherita").id][1].price_cents


def put(session, pizzeria, signed, cents, *, at=None, shown=950, days=0, manager_of=None) -> None:
    new = NewPrice(pizzeria.size("margherita").id, cents, at, NOON + days * DAY)
    set_price(session, pizzeria.products["margherita"], new, shown, manager_of, signed)


def seen(session, pizzeria, manager_of=None):
    product = pizzeria.products["margherita"]
    return prices_of(session, product, pizzeria.restaurant.id, manager_of)


def told(session) -> list[tuple]:
    rows = session.scalars(select(StaffChange).order_by(StaffChange.id))
    return [(row.name, row.restaurant_id, row.facts_before, row.facts_after) for row in rows]


def test_a_price_of_the_group_holds_at_once_but_where_there_is_an_own_one(
    session, pizzeria, signed
):
    other = make_branch(session, pizzeria, code="city_002", name="Ailleurs")
    put(session, pizzeria, signed, 1200, at=other.restaurant.id, shown=None)
    token = catalogue_token(session)
    put(session, pizzeria, signed, 1000)
    assert catalogue_token(session) != token
    assert (price(session, pizzeria), price(session, other)) == (1000, 1200)
    size = pizzeria.size("margherita").id
    assert seen(session, pizzeria).elsewhere == {size: [("Ailleurs", 1200)]}
    assert seen(session, pizzeria, pizzeria.restaurant.id).elsewhere == {}
    assert [
        (change.price_cents, change.restaurant_id) for change in seen(session, pizzeria).past
    ] == [(1000, None)]


def test_a_price_to_come_waits_for_its_day(session, pizzeria, signed):
    put(session, pizzeria, signed, 1000, days=1)
    assert price(session, pizzeria) == 950
    assert [change.price_cents for change in seen(session, pizzeria).coming] == [1000]
    assert make_due_changes(session, NOON) == 0
    assert make_due_changes(session, NOON + DAY) == 1
    assert price(session, pizzeria) == 1000
    assert seen(session, pizzeria).coming == []
    ((name, place, before, after),) = told(session)
    assert (name, place) == ("Margherita, Classique 31\xa0cm", None)
    assert before == {"price_cents": 950, "starts_at": None}
    assert after == {"price_cents": 1000, "starts_at": (NOON + DAY).isoformat()}


def test_two_prices_on_one_day_are_refused(session, pizzeria, signed):
    put(session, pizzeria, signed, 1000, days=1)
    with pytest.raises(AlreadyPlanned):
        put(session, pizzeria, signed, 1100, days=1)
    put(session, pizzeria, signed, 1100, days=1, at=pizzeria.restaurant.id, shown=None)
    put(session, pizzeria, signed, 1200, days=2)
    assert len(seen(session, pizzeria).coming) == 3


def test_what_was_planned_can_be_called_off_until_its_day(session, pizzeria, signed):
    here, product = pizzeria.restaurant.id, pizzeria.products["margherita"]
    put(session, pizzeria, signed, 1000, days=1)
    (change,) = seen(session, pizzeria).coming
    with pytest.raises(NotManaged):
        call_off(session, product, change.id, here, here, signed)
    with pytest.raises(ChangeGone):
        call_off(session, pizzeria.products["regina"], change.id, here, None, signed)
    call_off(session, product, change.id, here, None, signed)
    with pytest.raises(ChangeGone):
        call_off(session, product, change.id, here, None, signed)
    assert make_due_changes(session, NOON + DAY) == 0
    assert told(session)[-1][2:] == (
        {"price_cents": 1000, "starts_at": (NOON + DAY).isoformat()},
        {"price_cents": 950, "starts_at": None},
    )


def test_a_restaurants_manager_sets_prices_of_their_own_alone(session, pizzeria, signed):
    here = pizzeria.restaurant.id
    for elsewhere in (None, make_branch(session, pizzeria, code="city_002").restaurant.id):
        with pytest.raises(NotManaged):
            put(session, pizzeria, signed, 1000, at=elsewhere, shown=None, manager_of=here)
    put(session, pizzeria, signed, 1000, at=here, shown=None, manager_of=here)
    assert price(session, pizzeria) == 1000
    assert told(session)[-1][1] == here


def test_an_own_price_can_be_given_up_for_the_groups(session, pizzeria, signed):
    here, product = pizzeria.restaurant.id, pizzeria.products["margherita"]
    size = pizzeria.size("margherita").id
    put(session, pizzeria, signed, 1000, at=here, shown=None)
    with pytest.raises(StaleVersion):
        drop_own_price(session, product, size, here, 1100, signed)
    drop_own_price(session, product, size, here, 1000, signed)
    drop_own_price(session, product, size, here, 1000, signed)
    assert price(session, pizzeria) == 950
    assert len(told(session)) == 2


def test_a_price_that_is_no_longer_what_was_shown_is_not_written_over(session, pizzeria, signed):
    put(session, pizzeria, signed, 1000)
    with pytest.raises(StaleVersion):
        put(session, pizzeria, signed, 1100)
    put(session, pizzeria, signed, 1000, shown=1000)
    assert len(session.scalars(select(PriceChange)).all()) == 1


def latest(prices, today) -> int | None:
    """The price that took effect last until today."""
    begun = (day for day in prices if day <= today and prices[day] is not None)
    return prices[max(begun, default=0)]


@given(st.lists(st.tuples(st.integers(0, 50_000), st.integers(0, 3), st.booleans()), max_size=8))
def test_the_price_is_always_the_last_that_took_effect(session, pizzeria, signed, plans):
    here = pizzeria.restaurant.id
    with session.begin_nested() as undone:
        wanted = {None: {0: 950}, here: {0: None}}
        for cents, days, own in plans:
            at = here if own else None
            if days and days in wanted[at]:
                continue
            put(session, pizzeria, signed, cents, at=at, days=days, shown=wanted[at][0])
            wanted[at][days] = cents
        for days in range(4):
            make_due_changes(session, NOON + days * DAY)
            group, own = (latest(wanted[at], days) for at in (None, here))
            assert price(session, pizzeria) == (group if own is None else own)
        undone.rollback()
    session.expire_all()


def test_a_restaurant_hides_a_product_and_nobody_else_does(session, pizzeria, signed):
    other = make_branch(session, pizzeria, code="city_002")
    product, here = pizzeria.products["margherita"], pizzeria.restaurant.id
    for sells in (False, False, True, True):
        sell_here(session, product, here, sells, signed)
        sold = {
            place.restaurant.code: "margherita"
            in read_menu(session, place.restaurant.id).assortment.by_slug
            for place in (pizzeria, other)
        }
        assert sold == {"city_001": sells, "city_002": True}
    assert [each[1:] for each in told(session)] == [
        (here, {"sold_here": True}, {"sold_here": False}),
        (here, {"sold_here": False}, {"sold_here": True}),
    ]


def test_what_is_sold_from_now_on_is_kept_in_stock_from_now_on(session, pizzeria, signed):
    product, here = pizzeria.products["margherita"], pizzeria.restaurant.id
    sell_here(session, product, here, False, signed)
    truffle = make_ingredient(session, "truffe")
    product.composition.append(Composition(ingredient_id=truffle.id, quantity=5, position=9))
    session.flush()
    sell_here(session, product, here, True, signed)
    assert session.get_one(Stock, (here, truffle.id)).quantity == 0

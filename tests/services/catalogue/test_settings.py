"""What managers set of their restaurant, and who follows."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import (
    NOON,
    author_of,
    checkout_of,
    make_basket,
    make_branch,
    make_pizzeria,
    make_staff,
    order_of,
)
from ocpizza.domain.checkout import BelowMinimum, PostcodeNotServed, RestaurantClosed, TotalChanged
from ocpizza.domain.hours import Opening
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.models.account import Role
from ocpizza.models.staff_change import StaffChange
from ocpizza.models.vat import Mode
from ocpizza.services.catalogue.pause import pause_online_orders
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.settings import (
    details_facts,
    hours_facts,
    set_details,
    set_hours,
)
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.trail.record import Signature

WEDNESDAY_EVENING = [Opening(2, 1080, 1500)]


@pytest.fixture
def signed(session, pizzeria):
    return Signature(author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant)), NOON)


def write_hours(session, pizzeria, openings, signed):
    seen = fingerprint(hours_facts(pizzeria.restaurant))
    set_hours(session, pizzeria.restaurant.id, seen, openings, signed)


def write_details(session, pizzeria, signed, **values):
    facts = details_facts(pizzeria.restaurant)
    set_details(session, pizzeria.restaurant.id, fingerprint(facts), {**facts, **values}, signed)


def test_the_shop_follows_new_hours_at_once(session, pizzeria, signed):
    (before,) = list_restaurants(session)
    write_hours(session, pizzeria, WEDNESDAY_EVENING, signed)
    (after,) = list_restaurants(session)
    assert before.closes_at(NOON)
    assert after.closes_at(NOON) is None
    assert after.opens_at(NOON) == NOON.replace(hour=17)
    with pytest.raises(RestaurantClosed):
        order_of(session, pizzeria)


def test_no_hours_at_all_are_a_restaurant_that_is_closed(session, pizzeria, signed):
    write_hours(session, pizzeria, [], signed)
    (after,) = list_restaurants(session)
    assert after.opens_at(NOON) is None


def test_hours_of_the_same_beginning_change_their_end(session, pizzeria, signed):
    write_hours(session, pizzeria, [Opening(2, 360, 1080)], signed)
    write_hours(session, pizzeria, [Opening(2, 360, 720), Opening(2, 1080, 1320)], signed)
    (after,) = list_restaurants(session)
    assert after.openings == (Opening(2, 360, 720), Opening(2, 1080, 1320))


def test_a_basket_under_way_hears_of_a_new_fee_and_keeps_everything(session, pizzeria, signed):
    basket = make_basket(session, pizzeria)
    checkout = checkout_of(session, basket, NOON)
    write_details(session, pizzeria, signed, delivery_fee_cents=490)
    assert review_basket(session, basket, NOON).obstacles == ()
    with pytest.raises(TotalChanged):
        place_order(session, basket.token, checkout, NOON, None)
    assert place_order(session, basket.token, checkout_of(session, basket, NOON), NOON, None)


def test_a_postcode_that_is_served_no_more_is_said(session, pizzeria, signed):
    write_details(session, pizzeria, signed, postcodes=["75001"])
    with pytest.raises(PostcodeNotServed):
        order_of(session, pizzeria, mode=Mode.DELIVERY)
    write_details(session, pizzeria, signed, postcodes=["75001", "75011"])
    assert order_of(session, pizzeria, mode=Mode.DELIVERY)


def test_a_higher_minimum_is_said(session, pizzeria, signed):
    write_details(session, pizzeria, signed, minimum_order_cents=50_000)
    with pytest.raises(BelowMinimum):
        order_of(session, pizzeria, mode=Mode.DELIVERY)


def test_the_second_of_two_managers_writes_nothing_unseen(session, pizzeria, signed):
    seen = fingerprint(hours_facts(pizzeria.restaurant))
    set_hours(session, pizzeria.restaurant.id, seen, WEDNESDAY_EVENING, signed)
    with pytest.raises(StaleVersion):
        set_hours(session, pizzeria.restaurant.id, seen, [], signed)
    assert list_restaurants(session)[0].openings == tuple(WEDNESDAY_EVENING)


def test_a_pause_meanwhile_makes_no_hours_stale(session, pizzeria, signed):
    seen = fingerprint(hours_facts(pizzeria.restaurant))
    until = NOON + timedelta(hours=1)
    pause_online_orders(session, pizzeria.restaurant.id, until, "Four en panne", signed)
    set_hours(session, pizzeria.restaurant.id, seen, WEDNESDAY_EVENING, signed)
    assert list_restaurants(session)[0].pause_note == "Four en panne"


def test_another_restaurant_keeps_its_hours(session, pizzeria, signed):
    branch = make_branch(session, pizzeria, code="city_002")
    write_hours(session, pizzeria, [], signed)
    write_details(session, pizzeria, signed, postcodes=[], delivers=False)
    assert order_of(session, branch, mode=Mode.DELIVERY)


def test_the_trail_tells_the_days_that_changed(session, pizzeria, signed):
    hours = [Opening(day, 360, 1800) for day in range(7) if day != 2] + WEDNESDAY_EVENING
    write_hours(session, pizzeria, hours, signed)
    write_details(session, pizzeria, signed, shown_name="Chez nous")
    first, second = session.scalars(select(StaffChange).order_by(StaffChange.id))
    assert first.facts_before == {"wednesday_hours": [[360, 1800]]}
    assert first.facts_after == {"wednesday_hours": [[1080, 1500]]}
    assert second.facts_after == {"shown_name": "Chez nous"}
    assert second.restaurant_id == pizzeria.restaurant.id


def test_saving_the_same_again_leaves_no_trace(session, pizzeria, signed):
    write_details(session, pizzeria, signed)
    assert session.scalars(select(StaffChange)).all() == []


def test_of_managers_who_save_at_once_one_is_heard(committed_database):
    with Session(committed_database, expire_on_commit=False) as session, session.begin():
        restaurant = make_pizzeria(session).restaurant
        author = author_of(make_staff(session, Role.MANAGER, restaurant))
        seen = fingerprint(hours_facts(restaurant))

    def save(day: int, session: Session) -> int:
        openings, signed = [Opening(day, 1080, 1500)], Signature(author, NOON)
        set_hours(session, restaurant.id, seen, openings, signed)
        return day

    outcomes = all_at_once(committed_database, [partial(save, day) for day in range(4)])
    (heard,) = succeeded(outcomes, StaleVersion)
    with Session(committed_database) as session:
        (point,) = list_restaurants(session)
        assert point.openings == (Opening(heard, 1080, 1500),)

"""A restaurant that takes no orders from the web for a while."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_basket, make_branch, make_staff, order_of
from ocpizza.domain.checkout import OnlineOrdersPaused
from ocpizza.models.account import Role
from ocpizza.models.order import Source
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.catalogue.pause import pause_online_orders, resume_online_orders
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.trail.record import Signature

SOON = NOON + timedelta(minutes=30)
REASON = "Four en panne"


@pytest.fixture
def signed(session, pizzeria):
    return Signature(author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant)), NOON)


@pytest.fixture
def paused(session, pizzeria, signed):
    pause_online_orders(session, pizzeria.restaurant.id, SOON, REASON, signed)
    return pizzeria


def test_no_order_comes_from_the_web_until_it_is_over(session, paused):
    with pytest.raises(OnlineOrdersPaused) as refused:
        order_of(session, paused)
    assert (refused.value.resumes_at, refused.value.reason) == (SOON, REASON)
    assert order_of(session, paused, now=SOON)


@pytest.mark.parametrize("source", [Source.PHONE, Source.COUNTER])
def test_the_counter_takes_orders_all_the_same(session, paused, source):
    cashier = author_of(make_staff(session, Role.CASHIER, paused.restaurant))
    assert order_of(session, paused, source=source, author=cashier)


def test_another_restaurant_goes_on(session, pizzeria, signed):
    branch = make_branch(session, pizzeria, code="city_002")
    pause_online_orders(session, pizzeria.restaurant.id, SOON, REASON, signed)
    assert order_of(session, branch)


def test_the_basket_says_so_and_keeps_everything(session, paused):
    basket = make_basket(session, paused)
    (obstacle,) = review_basket(session, basket, NOON).obstacles
    assert isinstance(obstacle, OnlineOrdersPaused)
    assert review_basket(session, basket, SOON).obstacles == ()


def test_it_takes_orders_again_at_once(session, paused, signed):
    resume_online_orders(session, paused.restaurant.id, signed)
    assert order_of(session, paused)


def test_whoever_reads_the_catalogue_next_knows(session, pizzeria, signed):
    (before,) = list_restaurants(session)
    pause_online_orders(session, pizzeria.restaurant.id, SOON, REASON, signed)
    (after,) = list_restaurants(session)
    assert before.resumes_at(NOON) is None
    assert after.resumes_at(NOON) == SOON
    assert after.resumes_at(SOON) is None


def test_the_trail_says_who_paused_and_who_resumed(session, paused, signed):
    resume_online_orders(session, paused.restaurant.id, signed)
    told = session.scalars(select(StaffChange).order_by(StaffChange.id)).all()
    assert [change.facts_after["pause_note"] for change in told] == [REASON, None]
    assert {change.author_id for change in told} == {signed.author.account_id}

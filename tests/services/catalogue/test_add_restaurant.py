"""A new restaurant is on line at once, with another's menu and nothing in stock."""

from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, Pizzeria, author_of, make_pizzeria, make_staff, order_of, stock_up
from ocpizza.domain.checkout import OutOfStock
from ocpizza.domain.hours import Opening
from ocpizza.models.account import Role
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from ocpizza.models.staff_change import StaffChange
from ocpizza.models.stock import Stock
from ocpizza.services.catalogue.add_restaurant import (
    CodeTaken,
    NewRestaurant,
    NoSuchSource,
    SlugTaken,
    add_restaurant,
)
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.settings import details_facts
from ocpizza.services.catalogue.storefront import storefront_by_slug
from ocpizza.services.trail.record import Signature


@pytest.fixture
def signed(session, pizzeria):
    return Signature(author_of(make_staff(session, Role.MANAGER)), NOON)


def new_one(pizzeria, **values) -> NewRestaurant:
    known = {
        "code": "city_006",
        "slug": "lyon-bellecour",
        "legal_entity_id": pizzeria.restaurant.legal_entity_id,
        "details": {**details_facts(pizzeria.restaurant), "shown_name": "OC Pizza Bellecour"},
        "openings": tuple(Opening(day, 360, 1800) for day in range(7)),
        "menu_of": pizzeria.restaurant.id,
    }
    return NewRestaurant(**{**known, **values})


def test_visitors_find_it_as_soon_as_it_is_there(session, pizzeria, signed):
    assert len(list_restaurants(session)) == 1
    add_restaurant(session, new_one(pizzeria), signed)
    point = next(each for each in list_restaurants(session) if each.code == "city_006")
    assert point.name == "OC Pizza Bellecour"
    assert point.closes_at(NOON)
    assert storefront_by_slug(session, "lyon-bellecour").point == point


def test_it_begins_with_the_other_ones_prices_and_hidden_products(session, pizzeria, signed):
    here, size = pizzeria.restaurant.id, pizzeria.size("regina")
    session.add(RestaurantPrice(restaurant_id=here, product_size_id=size.id, price_cents=1290))
    session.add(HiddenProduct(restaurant_id=here, product_id=pizzeria.products["biere"].id))
    session.flush()
    add_restaurant(session, new_one(pizzeria), signed)
    menu = storefront_by_slug(session, "lyon-bellecour").menu
    assert "biere" not in menu.assortment.by_slug
    prices = {each.id: each.price_cents for each in menu.assortment.by_slug["regina"].sizes}
    assert prices[size.id] == 1290
    # Its own from now on.
    session.get_one(RestaurantPrice, (here, size.id)).price_cents = 1390
    session.flush()
    menu = storefront_by_slug(session, "lyon-bellecour").menu
    prices = {each.id: each.price_cents for each in menu.assortment.by_slug["regina"].sizes}
    assert prices[size.id] == 1290


def test_without_another_it_has_the_menu_of_the_group(session, pizzeria, signed):
    here, size = pizzeria.restaurant.id, pizzeria.size("regina")
    session.add(RestaurantPrice(restaurant_id=here, product_size_id=size.id, price_cents=1290))
    session.flush()
    add_restaurant(session, new_one(pizzeria, menu_of=None), signed)
    menu = storefront_by_slug(session, "lyon-bellecour").menu
    prices = {each.id: each.price_cents for each in menu.assortment.by_slug["regina"].sizes}
    assert prices[size.id] == 1150


def test_nothing_is_sold_before_the_first_delivery(session, pizzeria, signed):
    restaurant = add_restaurant(session, new_one(pizzeria), signed)
    branch = Pizzeria(restaurant, pizzeria.ingredients, pizzeria.products)
    with pytest.raises(OutOfStock):
        order_of(session, branch)
    stock_up(session, restaurant, dict.fromkeys(pizzeria.ingredients.values(), 10_000))
    assert order_of(session, branch)


def test_it_keeps_every_ingredient_and_warns_as_the_other_one_does(session, pizzeria, signed):
    ham = pizzeria.ingredients["jambon"].id
    session.get_one(Stock, (pizzeria.restaurant.id, ham)).alert_quantity = 700
    restaurant = add_restaurant(session, new_one(pizzeria), signed)
    stocks = session.scalars(select(Stock).where(Stock.restaurant_id == restaurant.id)).all()
    assert {each.ingredient_id for each in stocks} == {
        each.id for each in pizzeria.ingredients.values()
    }
    assert {each.quantity for each in stocks} == {0}
    assert {each.alert_quantity for each in stocks if each.ingredient_id == ham} == {700}


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"code": "city_001"}, CodeTaken),
        ({"slug": "city-001"}, SlugTaken),
        ({"menu_of": 999}, NoSuchSource),
        ({"legal_entity_id": 999}, NoSuchSource),
    ],
)
def test_what_is_taken_or_gone_is_refused(session, pizzeria, signed, values, refusal):
    with pytest.raises(refusal):
        add_restaurant(session, replace(new_one(pizzeria), **values), signed)
    assert len(list_restaurants(session)) == 1


def test_the_trail_tells_all_of_it(session, pizzeria, signed):
    restaurant = add_restaurant(session, new_one(pizzeria), signed)
    (change,) = session.scalars(select(StaffChange))
    assert change.restaurant_id == restaurant.id
    assert change.facts_before is None
    assert change.facts_after["restaurant_code"] == "city_006"
    assert change.facts_after["menu_of"] == pizzeria.restaurant.name


def test_of_two_who_open_the_same_at_once_one_does(committed_database):
    with Session(committed_database, expire_on_commit=False) as session, session.begin():
        pizzeria = make_pizzeria(session)
        author = author_of(make_staff(session, Role.MANAGER))
        new = new_one(pizzeria)
    act = partial(lambda session: add_restaurant(session, new, Signature(author, NOON)).code)
    outcomes = all_at_once(committed_database, [act] * 3)
    assert succeeded(outcomes, CodeTaken) == ["city_006"]

"""Alcohol: by whom, where and when it may be ordered."""

from datetime import timedelta

import pytest

from databases import counted_statements
from factories import NOON, checkout_of, make_basket, make_pizzeria, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import AgeNotConfirmed, AlcoholNotSold
from ocpizza.domain.hours import Span
from ocpizza.models.account import Role
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.queries import load_order

GUEST = Author(None, Role.CUSTOMER)
LATER = NOON + timedelta(minutes=1)


def with_beer(pizzeria):
    return [(pizzeria.select("margherita"), 1), (pizzeria.select("biere"), 2)]


def place(session, basket, **said):
    return place_order(session, basket.token, checkout_of(session, basket, **said), NOON)


def test_whoever_orders_alcohol_has_said_that_they_are_18_and_the_order_keeps_when(
    session, pizzeria
):
    basket = make_basket(session, pizzeria, with_beer(pizzeria))
    with pytest.raises(AgeNotConfirmed):
        place(session, basket, of_age=False)
    assert place(session, basket, of_age=True).of_age_at == NOON


def test_nobody_is_asked_for_their_age_for_a_pizza(session, pizzeria):
    basket = make_basket(session, pizzeria)
    assert place(session, basket, of_age=False).of_age_at is None


@pytest.mark.parametrize(
    ("rules", "hours"),
    [
        ({"sells_alcohol": False}, None),
        (
            {"sells_alcohol": True, "alcohol_from_minute": 1080, "alcohol_to_minute": 1320},
            Span(1080, 1320),
        ),
    ],
)
def test_a_restaurant_sells_alcohol_under_its_licence_and_in_its_hours(session, rules, hours):
    pizzeria = make_pizzeria(session, **rules)
    basket = make_basket(session, pizzeria, with_beer(pizzeria))
    (told,) = review_basket(session, basket, NOON).obstacles
    assert told == AlcoholNotSold(hours)
    with pytest.raises(AlcoholNotSold):
        place(session, basket)
    assert order_of(session, pizzeria)


def test_alcohol_asks_the_database_nothing_more(session, pizzeria):
    counts = []
    for lines in ([(pizzeria.select("margherita"), 1), (pizzeria.select("cola"), 2)], None):
        basket = make_basket(session, pizzeria, lines or with_beer(pizzeria))
        checkout = checkout_of(session, basket)
        session.expire_all()
        with counted_statements(session.connection()) as statements:
            place_order(session, basket.token, checkout, NOON)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def changed(session, order, lines, pizzeria, **said):
    basket = start_change(session, order.id, LATER)
    basket.lines = [line for line in basket.lines if line.quantity > 5]
    source = make_basket(session, pizzeria, lines)
    basket.lines = list(source.lines)
    session.flush()
    shown = review_basket(session, basket, LATER).quote.total_cents
    change = Change(basket.checkout_key, shown, **said)
    change_order(session, basket.token, change, GUEST, LATER)
    session.expire_all()
    return load_order(session, order.id)


def test_alcohol_put_in_later_asks_then_and_taken_out_no_more(session, pizzeria):
    order = order_of(session, pizzeria)
    with pytest.raises(AgeNotConfirmed):
        changed(session, order, with_beer(pizzeria), pizzeria)
    order = changed(session, order, with_beer(pizzeria), pizzeria, of_age=True)
    assert order.of_age_at == LATER
    # Said once.
    order = changed(session, order, [*with_beer(pizzeria), (pizzeria.select("cola"), 1)], pizzeria)
    assert order.of_age_at == LATER
    order = changed(session, order, [(pizzeria.select("margherita"), 1)], pizzeria)
    assert order.of_age_at is None


def test_alcohol_that_was_ordered_in_time_stays_when_something_else_is_changed(session, pizzeria):
    order = order_of(session, pizzeria, with_beer(pizzeria))
    pizzeria.restaurant.sells_alcohol = False
    session.flush()
    more = [*with_beer(pizzeria), (pizzeria.select("cola"), 1)]
    assert changed(session, order, more, pizzeria).of_age_at == NOON
    with pytest.raises(AlcoholNotSold):
        changed(session, order, [more[0], (pizzeria.select("biere"), 3)], pizzeria)

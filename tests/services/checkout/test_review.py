"""B1: what a basket is worth today, and what stands in the way of ordering it."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import pytest

from databases import counted_statements
from factories import NOON, ROUND_THE_CLOCK, checkout_of, details_of, make_basket, make_pizzeria
from ocpizza.domain.selection import Selection
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.services.basket.basket import new_basket
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.review import review_basket

EVENING = [(2, 18 * 60, 22 * 60)]


def review(session, pizzeria, *wanted, now=NOON, details=None):
    lines = [(pizzeria.select(slug), quantity) for slug, quantity in wanted]
    return review_basket(session, make_basket(session, pizzeria, lines, details=details), now)


def test_nothing_to_review_in_an_empty_basket(session, pizzeria):
    assert review_basket(session, None, NOON) is None
    assert review_basket(session, new_basket(session, NOON), NOON) is None
    assert review(session, pizzeria) is None


def test_a_good_basket_is_ready(session, pizzeria):
    found = review(session, pizzeria, ("margherita", 2), ("cola", 1))
    assert found.ready
    assert (found.quote.total_cents, found.mode) == (2 * 950 + 280 + 250, Mode.DELIVERY)


@pytest.mark.parametrize(("delivers", "missing"), [(True, 550), (False, None)])
def test_nothing_is_missing_for_a_delivery_where_nobody_delivers(session, delivers, missing):
    pizzeria = make_pizzeria(session, delivers=delivers, minimum_order_cents=1500)
    details = details_of(Mode.TAKEAWAY)
    found = review(session, pizzeria, ("margherita", 1), details=details)
    assert found.ready
    assert (found.too_little.missing_cents if found.too_little else None) == missing


def test_shortages_are_told_line_by_line(session):
    pizzeria = make_pizzeria(session, stock={"jambon": 60, "cola": 1})
    found = review(session, pizzeria, ("margherita", 2), ("regina", 2), ("cola", 3))
    by_line = {line.id: item.name for line, item, _ in found.inside.portions}
    assert {by_line[id]: left for id, left in found.left.items()} == {
        "Regina": 1,
        "Cola 33\u00a0cl": 1,
    }
    assert not found.ready


def test_two_lines_of_the_same_ingredient_are_short_together(session):
    pizzeria = make_pizzeria(session, stock={"mozzarella": 240})
    found = review(session, pizzeria, ("margherita", 2), ("regina", 1))
    assert list(found.left.values()) == [0]


def test_nothing_stands_in_the_way_of_what_awaits_its_payment(session):
    pizzeria = make_pizzeria(session, stock={"jambon": 60})
    basket = make_basket(session, pizzeria, [(pizzeria.select("regina"), 1)])
    checkout = checkout_of(session, basket, means=Means.ONLINE_CARD)
    placed = place_order(session, basket.token, checkout, NOON)
    session.flush()
    session.refresh(basket)
    assert (basket.awaits_order, placed.status) == (placed, Status.AWAITING_PAYMENT)
    # Its last ham is taken already: by itself.
    assert review_basket(session, basket, NOON).obstacles == ()


def test_a_basket_of_which_nothing_is_sold_any_more_lacks_no_money(session):
    pizzeria = make_pizzeria(session, minimum_order_cents=1500)
    gone = Selection.of(999_999)
    found = review_basket(session, make_basket(session, pizzeria, [(gone, 1)]), NOON)
    assert (found.quote.lines, found.minimum_missing_cents) == ((), 0)


def test_drinks_alone_are_not_ready(session, pizzeria):
    found = review(session, pizzeria, ("cola", 1))
    assert not found.ready


def test_a_closed_restaurant_is_not_ready_and_says_when_it_opens(session):
    pizzeria = make_pizzeria(session, hours=EVENING)
    found = review(session, pizzeria, ("regina", 1))
    assert not found.ready
    assert (found.closes_at, found.opens_at) == (None, datetime(2026, 3, 4, 17, tzinfo=UTC))


def test_the_minimum_counts_for_a_delivery_only(session):
    pizzeria = make_pizzeria(session, minimum_order_cents=1500)
    assert review(session, pizzeria, ("regina", 1)).minimum_missing_cents == 350
    takeaway = review(session, pizzeria, ("regina", 1), details=details_of(Mode.TAKEAWAY))
    assert (takeaway.minimum_missing_cents, takeaway.ready) == (0, True)


def test_before_anything_is_told_one_expects_a_delivery_where_there_is_one(session):
    pizzeria = make_pizzeria(session)
    unknown = replace(details_of(), contact_name="")
    assert review(session, pizzeria, ("regina", 1), details=unknown).mode is Mode.DELIVERY
    pizzeria.restaurant.delivers = False
    assert review(session, pizzeria, ("regina", 1), details=unknown).mode is Mode.TAKEAWAY


def test_lines_that_are_gone_cost_nothing_and_are_in_the_way(session, pizzeria):
    lines = [(pizzeria.select("regina"), 1), (Selection.of(999), 1)]
    found = review_basket(session, make_basket(session, pizzeria, lines), NOON)
    assert (found.quote.subtotal_cents, found.ready) == (1150, False)


def test_a_basket_of_a_restaurant_that_has_closed_down_is_empty(session, pizzeria):
    pizzeria.restaurant.active = False
    assert review(session, pizzeria, ("regina", 1)) is None


def test_reviewing_takes_one_statement_once_the_menu_is_known(session, pizzeria):
    basket = make_basket(session, pizzeria)
    for expected in (3, 1):
        with counted_statements(session.connection()) as statements:
            review_basket(session, basket, NOON)
        assert len(statements) == expected


@pytest.mark.parametrize("mode", [Mode.DELIVERY, Mode.TAKEAWAY])
@pytest.mark.parametrize("hours", [ROUND_THE_CLOCK, EVENING])
@pytest.mark.parametrize("minimum", [0, 1500])
@pytest.mark.parametrize("ham", [60, 6000])
@pytest.mark.parametrize("slug", ["regina", "cola", None])
def test_the_page_and_the_order_agree_on_what_is_in_the_way(
    session, mode, hours, minimum, ham, slug
):
    """Whatever the basket shows as possible is taken, and the other way round, for one reason."""
    pizzeria = make_pizzeria(
        session, hours=hours, minimum_order_cents=minimum, stock={"jambon": ham}
    )
    selection = pizzeria.select(slug) if slug else Selection.of(999)
    lines = [(selection, 1), (pizzeria.select("regina", extras=["oeuf"]), 1)][
        : 2 if ham > 60 else 1
    ]
    basket = make_basket(session, pizzeria, lines, details=details_of(mode))
    found = review_basket(session, basket, NOON)
    expected = list(found.obstacles) + ([found.too_little] if found.minimum_missing_cents else [])
    place = partial(place_order, session, basket.token, checkout_of(session, basket), NOON)
    assert found.ready is not bool(expected)
    if found.ready:
        assert place().number
    else:
        with pytest.raises(tuple({type(each) for each in expected})):
            place()

"""An order that cannot be is refused with the reason, and nothing has changed."""

from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from factories import (
    NOON,
    checkout_of,
    details_of,
    make_basket,
    make_branch,
    make_pizzeria,
)
from ocpizza.domain.checkout import (
    BelowMinimum,
    DetailsMissing,
    LinesGone,
    NothingOrdered,
    OutOfStock,
    PizzaMissing,
    PostcodeNotServed,
    RestaurantClosed,
    TotalChanged,
)
from ocpizza.models.basket import BasketLine
from ocpizza.models.order import Order, Source
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.price import HiddenProduct
from ocpizza.models.product import Product
from ocpizza.models.stock import Stock, StockMovement
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.place import place_order

WEDNESDAY_EVENING = [(2, 18 * 60, 22 * 60)]


def everything(session) -> list:
    session.flush()
    counts = [
        session.scalar(select(func.count()).select_from(table))
        for table in (Order, OrderEvent, StockMovement)
    ]
    lines = session.execute(select(BasketLine.selection, BasketLine.quantity)).all()
    return [counts, lines, session.scalar(select(func.sum(Stock.quantity)))]


@contextmanager
def refused(session, reason):
    before = everything(session)
    with pytest.raises(reason) as refusal:
        yield refusal
    assert everything(session) == before


def place(session, basket, now=NOON, **checkout):
    return place_order(session, basket.token, checkout_of(session, basket, now, **checkout), now)


def test_an_empty_basket_is_refused(session, pizzeria):
    basket = make_basket(session, pizzeria, [])
    with refused(session, NothingOrdered):
        place(session, basket)


@pytest.mark.parametrize("source", [Source.WEB, Source.PHONE])
def test_an_order_from_afar_holds_a_pizza(session, pizzeria, source):
    basket = make_basket(session, pizzeria, [(pizzeria.select("cola"), 2)])
    with refused(session, PizzaMissing):
        place(session, basket, source=source)


def test_a_closed_restaurant_says_when_it_opens(session):
    evening = make_pizzeria(session, hours=WEDNESDAY_EVENING)
    basket = make_basket(session, evening)
    with refused(session, RestaurantClosed) as refusal:
        place(session, basket)
    assert refusal.value.opens_at == datetime(2026, 3, 4, 17, 0, tzinfo=UTC)


def test_a_restaurant_that_never_opens_says_nothing(session):
    basket = make_basket(session, make_pizzeria(session, hours=[]))
    with refused(session, RestaurantClosed) as refusal:
        place(session, basket)
    assert refusal.value.opens_at is None


def test_a_postcode_where_nobody_delivers_is_named(session, pizzeria):
    basket = make_basket(session, pizzeria, details=details_of(postcode="13001"))
    with refused(session, PostcodeNotServed) as refusal:
        place(session, basket)
    assert refusal.value.postcode == "13001"


def test_a_restaurant_without_drivers_delivers_nowhere(session):
    basket = make_basket(session, make_pizzeria(session, delivers=False))
    with refused(session, PostcodeNotServed):
        place(session, basket)


def test_too_small_a_delivery_says_how_much_is_missing(session):
    basket = make_basket(session, make_pizzeria(session, minimum_order_cents=1500))
    with refused(session, BelowMinimum) as refusal:
        place(session, basket)
    assert (refusal.value.minimum_cents, refusal.value.missing_cents) == (1500, 550)


def test_there_is_no_minimum_to_take_away(session):
    pizzeria = make_pizzeria(session, minimum_order_cents=1500)
    basket = make_basket(session, pizzeria, details=details_of(Mode.TAKEAWAY))
    assert place(session, basket).revision.total_cents == 950


def test_details_that_were_never_given_are_asked_for(session, pizzeria):
    basket = make_basket(session, pizzeria)
    basket.details = {}
    with refused(session, DetailsMissing):
        place(session, basket)


@pytest.mark.parametrize("missing", ["street", "postcode", "town"])
def test_a_delivery_needs_its_whole_address(session, pizzeria, missing):
    basket = make_basket(session, pizzeria, details=details_of(**{missing: ""}))
    with refused(session, DetailsMissing):
        place(session, basket)


def test_an_order_from_afar_leaves_a_way_to_reach_its_customer(session, pizzeria):
    basket = make_basket(session, pizzeria, details=details_of(phone=None))
    with refused(session, DetailsMissing):
        place(session, basket)


def test_a_line_that_is_not_on_the_menu_any_more_is_refused(session, pizzeria):
    basket = make_basket(session, pizzeria)
    product_id = pizzeria.products["margherita"].id
    session.add(HiddenProduct(restaurant_id=pizzeria.restaurant.id, product_id=product_id))
    with refused(session, LinesGone):
        place(session, basket)


def test_a_basket_of_a_restaurant_that_has_closed_down_is_refused(session, pizzeria):
    basket = make_basket(session, pizzeria)
    pizzeria.restaurant.active = False
    with refused(session, LinesGone):
        place(session, basket)


def test_a_price_that_changed_meanwhile_is_shown_before_it_is_paid(session, pizzeria):
    basket = make_basket(session, pizzeria)
    checkout = checkout_of(session, basket)
    pizzeria.size("margherita").price_cents += 50
    with refused(session, TotalChanged) as refusal:
        place_order(session, basket.token, checkout, NOON)
    assert refusal.value.total_cents == checkout.shown_total_cents + 50


def test_all_shortages_are_told_at_once_with_what_is_left(session):
    pizzeria = make_pizzeria(session, stock={"mozzarella": 300, "biere": 1, "cola": 5})
    wanted = [("margherita", 2), ("regina", 1), ("cola", 5), ("biere", 3)]
    basket = make_basket(session, pizzeria, [(pizzeria.select(slug), n) for slug, n in wanted])
    with refused(session, OutOfStock) as refusal:
        place(session, basket)
    assert [(one.item.name, one.wanted, one.left) for one in refusal.value.shortages] == [
        ("Regina", 1, 0),
        ("Bière 33\u00a0cl", 3, 1),
    ]


def test_what_is_not_on_sale_cannot_be_ordered(session, pizzeria):
    basket = make_basket(session, pizzeria)
    session.scalars(select(Product).where(Product.slug == "margherita")).one().available = False
    with refused(session, OutOfStock) as refusal:
        place(session, basket)
    assert [one.left for one in refusal.value.shortages] == [0]


def test_the_stock_of_another_restaurant_does_not_help(session, pizzeria):
    dry = make_branch(session, pizzeria, code="city_002", stock={"mozzarella": 0})
    basket = make_basket(session, dry)
    with refused(session, OutOfStock):
        place(session, basket)


def test_an_order_that_was_refused_can_be_placed_once_there_is_enough(session, add_up):
    pizzeria = make_pizzeria(session, stock={"mozzarella": 240})
    basket = make_basket(session, pizzeria, [(pizzeria.select("margherita"), 3)])
    with refused(session, OutOfStock):
        place(session, basket)
    basket.lines[0].quantity = 2
    place(session, basket)
    assert pizzeria.stock_of(session, "mozzarella") == 0
    add_up(session)

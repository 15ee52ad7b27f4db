"""UC3.1: order the same again; nothing that was in the basket goes without being asked."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from factories import NOON, checkout_of, make_account, make_basket, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import Details
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.product import ProductSize
from ocpizza.services.basket.basket import new_basket
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.repeat import BasketInUse, ChangeFirst, RestaurantGone, repeat_order
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.own_orders import list_own_orders
from ocpizza.services.order.queries import find_own_order
from ocpizza.services.payment.counter import Tender, record_payment
from ocpizza.services.privacy.erase_orders import erase_orders

LATER = NOON + timedelta(days=30)


def held(basket) -> dict[str, int]:
    return {line.selection: line.quantity for line in basket.lines}


def again(session, basket, order, *, replace=False):
    found = repeat_order(session, basket, order.id, LATER, replace=replace)
    session.flush()
    return found


@pytest.fixture
def order(session, pizzeria):
    choice = pizzeria.select("regina", "family", without=["jambon"], extras=["oeuf"])
    lines = [(choice, 2), (pizzeria.select("cola"), 3)]
    return order_of(session, pizzeria, lines, comment="Sonnez", status=Status.DELIVERED)


def test_an_empty_basket_gets_everything_with_sizes_and_options(session, pizzeria, order):
    basket = new_basket(session, LATER)
    found = again(session, basket, order)
    choice = pizzeria.select("regina", "family", without=["jambon"], extras=["oeuf"])
    assert held(basket) == {choice.text: 2, pizzeria.select("cola").text: 3}
    assert found.repeat.changes == []
    assert basket.restaurant_id == pizzeria.restaurant.id
    assert basket.updated_at == LATER


def test_it_can_be_ordered_as_it_is(session, pizzeria, order, add_up):
    cashier = make_staff(session, Role.CASHIER, pizzeria.restaurant)
    record_payment(session, order, Tender(Means.CASH), cashier.id, NOON)
    basket = new_basket(session, LATER)
    again(session, basket, order)
    again_ordered = place_order(
        session, basket.token, checkout_of(session, basket, LATER), LATER, None
    )
    session.flush()
    assert again_ordered.revision.total_cents == order.revision.total_cents
    add_up(session)


def test_what_was_told_then_is_proposed_again_but_for_the_comment(session, order):
    basket = new_basket(session, LATER)
    again(session, basket, order)
    details = Details.from_json(basket.details)
    assert (details.contact_name, details.street) == ("Stanley Martin", "12 rue Oberkampf")
    assert details.comment == ""


def test_what_was_told_since_stays(session, pizzeria, order):
    basket = make_basket(session, pizzeria, [])
    basket.details = basket.details | {"contact_name": "Stan"}
    again(session, basket, order)
    assert basket.details["contact_name"] == "Stan"


def test_an_erased_order_can_be_had_again_without_its_person(session, order):
    erase_orders(session, [order.id], LATER)
    basket = new_basket(session, LATER)
    again(session, basket, order)
    assert (len(basket.lines), basket.details) == (2, {})


def test_todays_prices_count(session, pizzeria, order):
    session.execute(update(ProductSize).values(price_cents=ProductSize.price_cents + 50))
    found = again(session, new_basket(session, LATER), order)
    assert [line.dearer_by_cents for line in found.repeat.changes] == [50, 50]


def test_another_basket_is_only_replaced_when_asked(session, pizzeria, order):
    basket = make_basket(session, pizzeria)
    before = held(basket)
    with pytest.raises(BasketInUse):
        again(session, basket, order)
    assert held(basket) == before
    again(session, basket, order, replace=True)
    assert len(held(basket)) == 2


def test_the_same_again_twice_asks_nothing(session, order):
    basket = new_basket(session, LATER)
    again(session, basket, order)
    once = held(basket)
    again(session, basket, order)
    assert held(basket) == once


def test_a_basket_is_never_replaced_by_nothing(session, pizzeria, order):
    for product in pizzeria.products.values():
        product.available = False
    session.flush()
    basket = make_basket(session, pizzeria)
    before = held(basket)
    found = again(session, basket, order, replace=True)
    assert held(basket) == before
    assert [line.quantity for line in found.repeat.changes] == [0, 0]


def test_a_basket_that_changes_an_order_is_left_alone(session, pizzeria, order):
    basket = start_change(session, order_of(session, pizzeria).id, LATER)
    before = held(basket)
    with pytest.raises(ChangeFirst):
        again(session, basket, order, replace=True)
    assert held(basket) == before


def test_a_restaurant_that_is_no_more_is_said(session, pizzeria, order):
    pizzeria.restaurant.active = False
    session.flush()
    with pytest.raises(RestaurantGone):
        again(session, new_basket(session, LATER), order)


def test_a_history_is_ones_own_the_newest_first_in_pages(session, pizzeria):
    julia, other = make_account(session), make_account(session)
    me = Author(julia.id, Role.CUSTOMER)
    days = [NOON + timedelta(days=day) for day in range(12)]
    orders = [order_of(session, pizzeria, author=me, now=day) for day in days]
    order_of(session, pizzeria, author=Author(other.id, Role.CUSTOMER))
    order_of(session, pizzeria)
    newest_first = [order.number for order in reversed(orders)]
    first = list_own_orders(session, julia.id)
    second = list_own_orders(session, julia.id, before=first.orders[-1].number)
    assert [order.number for order in [*first.orders, *second.orders]] == newest_first
    assert (len(first.orders), first.newer, first.older) == (10, False, True)
    assert (second.newer, second.older) == (True, False)


def test_every_page_of_a_history_leads_back_the_way_one_came(session, pizzeria):
    julia = make_account(session)
    me = Author(julia.id, Role.CUSTOMER)
    # All at one moment, so that only their keys tell them apart.
    for _ in range(21):
        order_of(session, pizzeria, author=me, now=NOON)
    there = [list_own_orders(session, julia.id)]
    while there[-1].older:
        there.append(list_own_orders(session, julia.id, before=there[-1].orders[-1].number))
    assert [len(page.orders) for page in there] == [10, 10, 1]
    back = list_own_orders(session, julia.id, after=there[2].orders[0].number)
    assert (back.orders, back.newer, back.older) == (there[1].orders, True, True)
    assert list_own_orders(session, julia.id, after=back.orders[0].number) == there[0]


def test_a_page_beyond_the_history_or_of_somebody_elses_order_is_the_first(session, pizzeria):
    julia, other = make_account(session), make_account(session)
    mine = order_of(session, pizzeria, author=author_of_customer(julia))
    theirs = order_of(session, pizzeria, author=author_of_customer(other))
    for number in (mine.number, theirs.number, "K7QM-2F9X", "?"):
        for asked in ({"before": number}, {"after": number}):
            history = list_own_orders(session, julia.id, **asked)
            assert (list(history.orders), history.newer, history.older) == ([mine], False, False)


def test_the_owner_finds_their_order_by_its_number_alone_and_nobody_else(session, pizzeria):
    julia, other = make_account(session), make_account(session)
    order = order_of(session, pizzeria, author=author_of_customer(julia))
    typed = order.number.replace("-", "").lower()
    assert find_own_order(session, julia.id, typed) is order
    assert find_own_order(session, other.id, typed) is None


def author_of_customer(account) -> Author:
    return Author(account.id, Role.CUSTOMER)

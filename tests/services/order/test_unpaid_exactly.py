"""The limits on what is unpaid, to the cent and to the pizza, and whose orders they count.

A pizza costs what a test says; the limit is 15 € and 3 pizzas.
"""

from datetime import timedelta

import pytest
from sqlalchemy import update

from factories import (
    NOON,
    advance_to,
    author_of,
    checkout_of,
    details_of,
    make_account,
    make_basket,
    order_of,
)
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import CallPending, CallRestaurant, PayOthersFirst
from ocpizza.domain.unpaid import Visitor
from ocpizza.models.account import Role
from ocpizza.models.basket import BasketLine
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, PaymentStatus
from ocpizza.models.product import ProductSize
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.place import place_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.settlement.on_delivery import pay_on_delivery

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
JULIA, MARC = "+33612345678", "+33698765432"
ONLINE = Means.ONLINE_CARD
CALLED = NOON + timedelta(minutes=30)


def visitor(network: str = HOME) -> Visitor:
    return Visitor(network, limit_cents=1500, limit_pizzas=3, may_pay_online=False)


def cost(session, cents: int) -> None:
    session.execute(update(ProductSize).values(price_cents=cents))
    session.expire_all()


def order(
    session,
    pizzeria,
    pizzas=1,
    *,
    drinks=0,
    phone=JULIA,
    network=HOME,
    means=Means.CASH,
    author=None,
):
    details = details_of(Mode.TAKEAWAY, phone=phone)
    lines = [(pizzeria.select("margherita"), pizzas)]
    lines += [(pizzeria.select("cola"), drinks)] if drinks else []
    basket = make_basket(session, pizzeria, lines, details=details)
    checkout = checkout_of(session, basket, means=means, customer=author, visitor=visitor(network))
    placed = place_order(session, basket.token, checkout, NOON, author)
    session.flush()
    return placed


def grown(session, placed: Order, pizzeria, pizzas: int) -> Order:
    """The same order, changed by its customer to so many pizzas."""
    basket = start_change(session, placed.id, NOON)
    basket.lines = []
    session.flush()
    choice = pizzeria.select("margherita").text
    basket.lines = [BasketLine(selection=choice, quantity=pizzas)]
    session.flush()
    shown = review_basket(session, basket, NOON).quote.total_cents
    change = Change(basket.checkout_key, shown, visitor())
    return change_order(session, basket.token, change, Author(None, Role.CUSTOMER), NOON)


@pytest.mark.parametrize(("cents", "call"), [(1499, None), (1500, None), (1501, CALLED)])
def test_the_limit_itself_is_not_too_much(session, pizzeria, cents, call):
    cost(session, cents)
    assert order(session, pizzeria).confirm_by == call


def test_drinks_are_no_pizzas(session, pizzeria):
    cost(session, 5)
    assert order(session, pizzeria, 2, drinks=9).confirm_by is None
    online = order(session, pizzeria, 1, drinks=9, means=ONLINE)
    pay_on_delivery(session, online.id, Means.CASH, NOON, visitor())
    assert online.confirm_by is None
    assert order(session, pizzeria, 1).confirm_by == CALLED


def test_what_a_colleague_has_taken_counts_for_nobody(session, pizzeria):
    cost(session, 1000)
    order_of(session, pizzeria, mode=Mode.TAKEAWAY, source=Source.PHONE, phone=JULIA)
    assert order(session, pizzeria).confirm_by is None


def test_a_network_of_many_phones_is_called_beyond_three_limits_and_ends_at_six(session, pizzeria):
    """Three pizzas by each phone: 9 are three limits of pizzas, 18 are six."""
    cost(session, 5)
    phones = [f"+3361234560{number}" for number in range(7)]
    called = [order(session, pizzeria, 3, phone=phone).confirm_by for phone in phones[:6]]
    assert called == [None] * 3 + [CALLED] * 3
    with pytest.raises(CallRestaurant):
        order(session, pizzeria, 3, phone=phones[6])
    assert order(session, pizzeria, 3, phone=phones[6], network=ELSEWHERE).confirm_by is None


def test_a_neighbour_who_waits_for_a_call_keeps_nobody_else_waiting(session, pizzeria):
    cost(session, 5)
    assert order(session, pizzeria, 4).confirm_by == CALLED
    assert order(session, pizzeria, 4, phone=MARC).confirm_by == CALLED
    with pytest.raises(CallPending):
        order(session, pizzeria, 1)


def test_small_orders_may_await_their_payment_together(session, pizzeria):
    cost(session, 500)
    for _ in range(3):
        assert order(session, pizzeria, means=ONLINE).status is Status.AWAITING_PAYMENT
    with pytest.raises(PayOthersFirst):
        order(session, pizzeria, means=ONLINE)


def test_the_payment_of_a_neighbour_is_not_to_be_awaited(session, pizzeria):
    cost(session, 1000)
    order(session, pizzeria, means=ONLINE)
    assert order(session, pizzeria, phone=MARC, means=ONLINE).status is Status.AWAITING_PAYMENT


def test_what_is_paid_at_the_door_is_no_payment_to_await(session, pizzeria):
    cost(session, 1000)
    order(session, pizzeria)
    assert order(session, pizzeria, means=ONLINE).status is Status.AWAITING_PAYMENT


@pytest.mark.parametrize(
    ("status", "call"),
    [
        (PaymentStatus.PAID, None),
        (PaymentStatus.AUTHORISED, None),
        (PaymentStatus.UNPAID, CALLED),
        (PaymentStatus.FAILED, CALLED),
    ],
)
def test_only_what_is_not_paid_counts(session, pizzeria, status, call):
    cost(session, 1000)
    order(session, pizzeria).payment_status = status
    session.flush()
    assert order(session, pizzeria).confirm_by == call


def test_a_change_counts_instead_of_what_it_changes(session, pizzeria, add_up):
    cost(session, 5)
    placed = order(session, pizzeria)
    grown(session, placed, pizzeria, 3)
    session.flush()
    assert (placed.revision.total_cents, placed.confirm_by) == (15, None)
    add_up(session)
    with pytest.raises(CallRestaurant):
        grown(session, placed, pizzeria, 4)


@pytest.mark.parametrize("pizzas", [3, 4])
def test_a_big_order_that_was_confirmed_may_be_changed_to_no_more(
    session, pizzeria, add_up, pizzas
):
    cost(session, 1000)
    placed = order(session, pizzeria, 4)
    placed.confirm_by, placed.confirmed_at = None, NOON
    session.flush()
    assert grown(session, placed, pizzeria, pizzas).revision.total_cents == pizzas * 1000
    session.flush()
    add_up(session)


def test_whoever_has_an_account_is_known_by_it_whatever_their_phone(session, pizzeria):
    julia = author_of(make_account(session, email="julia@example.org", email_verified_at=NOON))
    first = order(session, pizzeria, author=julia)
    assert first.first_purchase
    advance_to(session, first, Status.DELIVERED)
    session.flush()
    assert not order(session, pizzeria, phone=MARC, author=julia).first_purchase
    assert order(session, pizzeria, phone="+33612345699").first_purchase

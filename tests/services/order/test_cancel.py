"""UC1.4: an order is cancelled while its preparation has not begun, and its stock comes back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from sqlalchemy import select

from factories import (
    NOON,
    author_of,
    checkout_of,
    make_basket,
    make_pizzeria,
    make_staff,
    order_of,
)
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.services.checkout.place import place_order
from ocpizza.services.order.cancel import Ending, TooLate, cancel_order

GUEST = Author(None, Role.CUSTOMER)
TOO_LATE = (Status.PREPARING, Status.READY, Status.OUT_FOR_DELIVERY, Status.DELIVERED)


def all_stock(session) -> dict[tuple[int, int], int]:
    query = select(Stock.restaurant_id, Stock.ingredient_id, Stock.quantity)
    return {(place, id): quantity for place, id, quantity in session.execute(query)}


@pytest.mark.parametrize("status", [Status.TO_PREPARE, Status.ACCEPTED])
def test_a_guest_cancels_their_order_and_its_stock_comes_back(session, pizzeria, add_up, status):
    before = all_stock(session)
    lines = [(pizzeria.select("regina", "family", without=["jambon"], extras=["oeuf"]), 3)]
    order = order_of(session, pizzeria, lines, status=status)
    later = NOON + timedelta(minutes=3)
    assert cancel_order(session, order.id, GUEST, later)
    session.flush()
    assert order.status is Status.CANCELLED
    assert all_stock(session) == before
    last = session.scalars(select(OrderEvent).order_by(OrderEvent.id.desc())).first()
    assert (last.status, last.author_id, last.author_role, last.at) == (
        Status.CANCELLED,
        None,
        Role.CUSTOMER,
        later,
    )
    add_up(session)


@pytest.mark.parametrize("status", TOO_LATE)
def test_once_preparation_has_begun_it_is_too_late(session, pizzeria, add_up, status):
    order = order_of(session, pizzeria, status=status)
    before = all_stock(session)
    with pytest.raises(TooLate) as refusal:
        cancel_order(session, order.id, GUEST, NOON)
    assert refusal.value.status is status
    assert (order.status, all_stock(session)) == (status, before)
    add_up(session)


def test_cancelling_twice_gives_the_stock_back_once(session, pizzeria, add_up):
    before = all_stock(session)
    order = order_of(session, pizzeria)
    assert cancel_order(session, order.id, GUEST, NOON)
    session.flush()
    assert not cancel_order(session, order.id, GUEST, NOON)
    assert all_stock(session) == before
    add_up(session)


def test_the_basket_of_an_order_that_awaited_its_payment_is_free_again(session, pizzeria):
    basket = make_basket(session, pizzeria, [(pizzeria.select("margherita"), 1)])
    checkout = checkout_of(session, basket, means=Means.ONLINE_CARD)
    placed = place_order(session, basket.token, checkout, NOON)
    session.flush()
    cancel_order(session, placed.id, GUEST, NOON)
    session.flush()
    session.refresh(basket)
    assert basket.awaits_order_id is None
    assert [line.quantity for line in basket.lines] == [1]


@pytest.mark.parametrize("role", [Role.CASHIER, Role.MANAGER])
def test_a_colleague_says_why_and_is_named_in_the_movements(session, pizzeria, role):
    order = order_of(session, pizzeria)
    who = author_of(make_staff(session, role, pizzeria.restaurant))
    cancel_order(session, order.id, who, NOON, Ending(note="Client injoignable"))
    session.flush()
    assert (order.ending_reason, order.ending_note) == (None, "Client injoignable")
    query = select(StockMovement.author_id).where(StockMovement.reason == Reason.ORDER_CANCELLED)
    assert set(session.scalars(query)) == {who.account_id}


@pytest.mark.parametrize("role", [Role.PIZZAIOLO, Role.DRIVER])
def test_the_kitchen_and_the_drivers_cannot_cancel(session, pizzeria, role):
    order = order_of(session, pizzeria)
    with pytest.raises(TooLate):
        cancel_order(
            session, order.id, author_of(make_staff(session, role, pizzeria.restaurant)), NOON
        )
    assert order.status is Status.TO_PREPARE


@given(st.lists(st.booleans(), min_size=1, max_size=6))
@examples(max_examples=10)
def test_whatever_is_ordered_and_cancelled_the_sums_hold(session, add_up, cancelled):
    with session.begin_nested() as savepoint:
        pizzeria = make_pizzeria(session)
        for number, undo in enumerate(cancelled, start=1):
            order = order_of(session, pizzeria, [(pizzeria.select("margherita"), number)])
            if undo:
                cancel_order(session, order.id, GUEST, NOON)
        add_up(session)
        savepoint.rollback()

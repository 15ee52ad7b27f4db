"""A till from its float to its count: every coin is somewhere, and what is closed stays so."""

import secrets
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from factories import NOON, advance_to, author_of, make_staff, order_of
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment
from ocpizza.models.till import TillMovementKind, TillSession
from ocpizza.models.vat import Mode
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.payment.give_back import GivenBack
from ocpizza.services.settlement.cancel_paid import cancel_and_give_back
from ocpizza.services.settlement.receive_payment import Receiving, receive_payment
from ocpizza.services.till.close import Counted, OtherExpected, close_till
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.drivers import Brought, OtherCarried, bring_cash, carried_cash
from ocpizza.services.till.move import Moved, NotInDrawer, move_cash
from ocpizza.services.till.session import (
    AlreadyOpen,
    DifferenceUnexplained,
    TillClosed,
    find_till,
    open_till,
)

LATER = NOON + timedelta(hours=1)


def new_key() -> str:
    return secrets.token_urlsafe(32)


@pytest.fixture
def here(pizzeria) -> int:
    return pizzeria.restaurant.id


@pytest.fixture
def till(session, here) -> TillSession:
    return find_till(session, here)


@pytest.fixture
def cashier(session, pizzeria):
    return author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))


def pay(session, pizzeria, cashier, given, due=950):
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY)
    receive_payment(session, order.id, Receiving(new_key(), due, given), cashier, NOON)
    return order


def deliver(session, pizzeria, means=Means.CASH) -> Author:
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
    driver = Author(order.driver_id, Role.DRIVER)
    hand_over(session, order.id, HandOver(Status.OUT_FOR_DELIVERY, means), driver, NOON)
    return driver


def close(session, till, cashier, pieces, note="", shown=None):
    expected = drawer_of(session, till).expected_cents if shown is None else shown
    return close_till(session, till, Counted(pieces, expected, note), cashier, LATER)


def test_cash_of_the_counter_is_in_the_drawer_and_cards_are_not(
    session, pizzeria, till, cashier, add_up
):
    pay(session, pizzeria, cashier, {Means.CASH: 2000})
    pay(session, pizzeria, cashier, {Means.CARD_TERMINAL: 950})
    cancelled = pay(session, pizzeria, cashier, {Means.CASH: 950})
    cancel_and_give_back(session, cancelled.id, cashier, NOON, said=GivenBack(950))
    drawer = drawer_of(session, till)
    assert (drawer.received_cents, drawer.given_back_cents) == (1900, -950)
    assert drawer.expected_cents == 950
    assert {each.till_session_id for each in session.scalars(select(Payment))} == {till.id}
    add_up(session)


def test_without_an_open_till_there_is_no_cash_and_nothing_is_lost(
    session, pizzeria, till, cashier, add_up
):
    close(session, till, cashier, {})
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY)
    said = Receiving(new_key(), 950, {Means.CASH: 1000})
    with pytest.raises(TillClosed):
        receive_payment(session, order.id, said, cashier, NOON)
    again = open_till(session, pizzeria.restaurant.id, 5000, cashier, LATER)
    receive_payment(session, order.id, said, cashier, LATER)
    assert drawer_of(session, again).expected_cents == 5950
    add_up(session)


def test_one_till_is_open_at_a_time(session, here, till, cashier):
    with pytest.raises(AlreadyOpen) as refused:
        open_till(session, here, 5000, cashier, NOON)
    assert refused.value.till.id == till.id


def test_cash_is_put_in_and_taken_out_once_and_never_more_than_there_is(
    session, till, cashier, add_up
):
    said = Moved(5000, "monnaie achetée", new_key())
    first = move_cash(session, till, said, cashier, NOON)
    assert move_cash(session, till, said, cashier, NOON).id == first.id
    move_cash(session, till, Moved(-1200, "farine", new_key()), cashier, NOON)
    with pytest.raises(NotInDrawer) as refused:
        move_cash(session, till, Moved(-3801, "trop", new_key()), cashier, NOON)
    assert refused.value.left_cents == 3800
    assert drawer_of(session, till).moved_cents == 3800
    add_up(session)


def test_cash_is_put_into_a_till_that_gave_back_what_an_earlier_one_had_received(
    session, pizzeria, till, cashier, add_up
):
    order = pay(session, pizzeria, cashier, {Means.CASH: 950})
    close(session, till, cashier, {950: 1})
    again = open_till(session, pizzeria.restaurant.id, 0, cashier, LATER)
    cancel_and_give_back(session, order.id, cashier, LATER, said=GivenBack(950))
    assert drawer_of(session, again).expected_cents == -950
    move_cash(session, again, Moved(500, "monnaie", new_key()), cashier, LATER)
    assert drawer_of(session, again).expected_cents == -450
    add_up(session)


def test_a_driver_who_gave_back_more_than_they_collected_is_given_it(
    session, pizzeria, here, till, cashier, add_up
):
    order = order_of(session, pizzeria, [(pizzeria.select("margherita"), 2)])
    due = order.due_cents
    receive_payment(session, order.id, Receiving(new_key(), due, {Means.CASH: due}), cashier, NOON)
    basket = start_change(session, order.id, NOON)
    basket.lines[0].quantity = 1
    session.flush()
    total = review_basket(session, basket, NOON).quote.total_cents
    customer = Author(None, Role.CUSTOMER)
    change_order(session, basket.token, Change(basket.checkout_key, total), customer, NOON)
    session.expire_all()
    advance_to(session, order, Status.OUT_FOR_DELIVERY)
    driver = Author(order.driver_id, Role.DRIVER)
    handed = HandOver(Status.OUT_FOR_DELIVERY, given_back_cents=due - total)
    hand_over(session, order.id, handed, driver, NOON)
    owed = total - due
    assert [each.cents for each in carried_cash(session, here, LATER)] == [owed]
    lacking = Brought(driver.account_id, 0, owed, "", new_key())
    with pytest.raises(DifferenceUnexplained):
        bring_cash(session, till, lacking, cashier, LATER)
    said = Brought(driver.account_id, owed, owed, "", new_key())
    assert bring_cash(session, till, said, cashier, LATER).delta_cents == owed
    assert carried_cash(session, here, LATER) == []
    assert drawer_of(session, till).expected_cents == total
    add_up(session)


def test_a_driver_brings_what_they_have_collected_once(
    session, pizzeria, here, till, cashier, add_up
):
    driver = deliver(session, pizzeria)
    deliver(session, pizzeria, Means.CARD_TERMINAL)
    assert drawer_of(session, till).expected_cents == 0
    (carried,) = carried_cash(session, here, LATER)
    assert (carried.driver_id, carried.cents) == (driver.account_id, 1200)
    brought = Brought(driver.account_id, 1200, 1200, "", new_key())
    movement = bring_cash(session, till, brought, cashier, LATER)
    assert bring_cash(session, till, brought, cashier, LATER).id == movement.id
    assert (movement.kind, movement.delta_cents) == (TillMovementKind.DRIVER_RETURN, 1200)
    assert carried_cash(session, here, LATER) == []
    again = Brought(driver.account_id, 1200, 1200, "", new_key())
    with pytest.raises(OtherCarried):
        bring_cash(session, till, again, cashier, LATER)
    assert drawer_of(session, till).expected_cents == 1200
    add_up(session)


def test_what_a_driver_has_not_brought_is_theirs_to_bring_however_long_ago(
    session, pizzeria, here, till, cashier
):
    driver = deliver(session, pizzeria)
    next_year = NOON + timedelta(days=370)
    (carried,) = carried_cash(session, here, next_year)
    assert (carried.driver_id, carried.cents) == (driver.account_id, 1200)
    brought = Brought(driver.account_id, 1200, 1200, "", new_key())
    assert bring_cash(session, till, brought, cashier, next_year).delta_cents == 1200
    assert carried_cash(session, here, next_year) == []


def test_what_a_driver_lacks_is_explained_and_kept(session, pizzeria, till, cashier, add_up):
    driver = deliver(session, pizzeria)
    lacking = Brought(driver.account_id, 1000, 1200, "", new_key())
    with pytest.raises(DifferenceUnexplained):
        bring_cash(session, till, lacking, cashier, LATER)
    said = Brought(driver.account_id, 1000, 1200, "billet perdu", new_key())
    movement = bring_cash(session, till, said, cashier, LATER)
    assert (movement.delta_cents, movement.expected_cents) == (1000, 1200)
    add_up(session)


def test_a_till_is_counted_and_closed_under_the_next_number(session, here, till, cashier, add_up):
    move_cash(session, till, Moved(2550, "fond", new_key()), cashier, NOON)
    closed = close(session, till, cashier, {2000: 1, 500: 1, 50: 1, 1: 0})
    assert (closed.number, closed.counted_cents, closed.difference_cents) == (1, 2550, 0)
    second = open_till(session, here, 2550, cashier, LATER)
    with pytest.raises(DifferenceUnexplained):
        close(session, second, cashier, {2000: 1})
    closed = close(session, second, cashier, {2000: 1}, note="un billet de 5 manque")
    assert (closed.number, closed.difference_cents) == (2, -550)
    assert [(each.value_cents, each.pieces) for each in closed.pieces] == [(2000, 1)]
    add_up(session)


def test_a_count_that_is_older_than_the_last_payment_is_asked_again(
    session, pizzeria, till, cashier
):
    pay(session, pizzeria, cashier, {Means.CASH: 950})
    with pytest.raises(OtherExpected) as other:
        close(session, till, cashier, {}, shown=0)
    assert other.value.cents == 950
    assert find_till(session, pizzeria.restaurant.id) is till


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE till_session SET counted_cents = 1",
        "UPDATE till_session SET report = NULL",
        "DELETE FROM till_session",
        "UPDATE till_pieces SET pieces = 2",
        "DELETE FROM till_pieces",
        "UPDATE till_movement SET delta_cents = 1",
        "DELETE FROM till_movement",
    ],
)
def test_what_is_closed_stays_as_it_is(session, till, cashier, statement):
    move_cash(session, till, Moved(100, "x", new_key()), cashier, NOON)
    close(session, till, cashier, {100: 1})
    with pytest.raises(DBAPIError), session.begin_nested():
        session.execute(text(statement))

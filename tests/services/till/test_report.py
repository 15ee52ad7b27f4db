"""X and Z: what a till took by means, VAT rate and mode, to the cent."""

import secrets

import pytest
from sqlalchemy import text

from factories import NOON, author_of, make_staff, order_of, turn_over_till
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.payment.give_back import GivenBack
from ocpizza.services.settlement.cancel_paid import cancel_and_give_back
from ocpizza.services.settlement.receive_payment import Receiving, receive_payment
from ocpizza.services.till.closed import list_closed
from ocpizza.services.till.drivers import Brought, bring_cash
from ocpizza.services.till.move import Moved, move_cash
from ocpizza.services.till.report import load_report, report_of
from ocpizza.services.till.session import find_till

CASH, CARD, VOUCHER = Means.CASH, Means.CARD_TERMINAL, Means.MEAL_VOUCHER


@pytest.fixture
def cashier(session, pizzeria):
    return author_of(make_staff(session, Role.CASHIER, pizzeria.restaurant))


def pay(session, order, cashier, given, due):
    said = Receiving(secrets.token_urlsafe(32), due, given)
    receive_payment(session, order.id, said, cashier, NOON)


def test_what_was_taken_is_told_by_means_rate_and_mode(session, pizzeria, cashier):
    till = find_till(session, pizzeria.restaurant.id)
    lines = [(pizzeria.select("margherita"), 1), (pizzeria.select("biere"), 1)]
    beer = order_of(session, pizzeria, lines, mode=Mode.TAKEAWAY)
    pay(session, beer, cashier, {VOUCHER: 600, CASH: 1000}, 1370)
    here = order_of(session, pizzeria, mode=Mode.EAT_IN)
    pay(session, here, cashier, {CARD: 950}, 950)
    back = order_of(session, pizzeria, mode=Mode.TAKEAWAY)
    pay(session, back, cashier, {CASH: 950}, 950)
    cancel_and_give_back(session, back.id, cashier, NOON, said=GivenBack(950))
    order_of(session, pizzeria, status=Status.READY)
    report = report_of(session, till)
    assert {means: flow.net_cents for means, flow in report.means.items()} == {
        VOUCHER: 600,
        CASH: 770,
        CARD: 950,
    }
    assert report.means[CASH].given_back_cents == 950
    assert {mode: flow.net_cents for mode, flow in report.modes.items()} == {
        Mode.TAKEAWAY: 1370,
        Mode.EAT_IN: 950,
    }
    assert {rate: (each.gross_cents, each.vat_cents) for rate, each in report.vat.items()} == {
        1000: (1900, 172),
        2000: (420, 70),
    }
    assert (report.orders, report.net_cents) == (3, 2320)


def test_what_a_driver_brings_is_in_the_report_of_the_till_they_brought_it_to(
    session, pizzeria, cashier
):
    till = find_till(session, pizzeria.restaurant.id)
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
    driver = Author(order.driver_id, Role.DRIVER)
    hand_over(session, order.id, HandOver(Status.OUT_FOR_DELIVERY, CASH), driver, NOON)
    assert report_of(session, till).net_cents == 0
    bring_cash(session, till, Brought(driver.account_id, 1200, 1200, "", "b" * 43), cashier, NOON)
    report = report_of(session, till)
    assert report.modes[Mode.DELIVERY].net_cents == 1200
    assert sum(each.gross_cents for each in report.vat.values()) == 1200


def test_a_z_says_what_it_said_when_its_till_was_closed(session, pizzeria, cashier):
    till = find_till(session, pizzeria.restaurant.id)
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY)
    pay(session, order, cashier, {CARD: 500, CASH: 450}, 950)
    move_cash(session, till, Moved(2000, "monnaie", "m" * 43), cashier, NOON)
    x = load_report(session, till)
    turn_over_till(session, pizzeria.restaurant, cashier)
    session.expire_all()
    assert load_report(session, till) == x
    assert (x.sums.net_cents, x.drawer.expected_cents) == (950, 2450)
    cancel_and_give_back(session, order.id, cashier, NOON, said=GivenBack(950))
    session.execute(text("UPDATE order_line SET vat_rate = 2000"))
    session.expire_all()
    assert load_report(session, till) == x
    after = load_report(session, find_till(session, pizzeria.restaurant.id))
    assert (after.sums.net_cents, after.sums.whole.given_back_cents) == (-950, 950)


def test_money_that_goes_back_from_the_next_till_is_in_its_report(
    session, pizzeria, cashier, add_up
):
    order = order_of(session, pizzeria, mode=Mode.TAKEAWAY)
    pay(session, order, cashier, {CASH: 950}, 950)
    first = turn_over_till(session, pizzeria.restaurant, cashier)
    # Change for it.
    till = find_till(session, pizzeria.restaurant.id)
    move_cash(session, till, Moved(950, "monnaie", "n" * 43), cashier, NOON)
    cancel_and_give_back(session, order.id, cashier, NOON, said=GivenBack(950))
    second = turn_over_till(session, pizzeria.restaurant, cashier)
    (here, there) = (load_report(session, till).sums for till in (first, second))
    assert (here.vat[1000].gross_cents, here.vat[1000].vat_cents) == (950, 86)
    assert (there.vat[1000].gross_cents, there.vat[1000].vat_cents) == (-950, -86)
    add_up(session)


def test_closed_tills_are_listed_page_by_page_and_a_cashiers_own_alone(
    session, pizzeria, cashier, monkeypatch
):
    monkeypatch.setattr("ocpizza.services.till.closed.PAGE", 2)
    here = pizzeria.restaurant
    other = author_of(make_staff(session, Role.MANAGER, here))
    for who in (cashier, other, cashier, other, cashier):
        turn_over_till(session, here, who)

    def numbers(**asked):
        page = list_closed(session, here.id, **asked)
        return [till.number for till in page.tills], page.older

    assert numbers() == ([5, 4], True)
    assert numbers(before=4) == ([3, 2], True)
    assert numbers(before=2) == ([1], False)
    own = {"closed_by_id": cashier.account_id}
    assert numbers(**own) == ([5, 3], True)
    assert numbers(**own, before=3) == ([1], False)

"""UC3.1: who is known has the same again from the first page, and is asked nothing twice."""

from datetime import UTC, datetime

import pytest

from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order import Source
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.services.order.cancel import cancel_order
from views.pages import form_of, place, soup, words
from views.website import CHECKOUT


def usual(browser):
    return soup(browser.get("/")).select_one(".usual")


def again(browser, order):
    path = f"/compte/commandes/{order.number}/recommander"
    return form_of(browser.get("/"), path).submit(status=303)


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_the_same_again_is_two_presses(website, customer, own_order):
    before = own_order(means=Means.CARD_TERMINAL)
    assert "1 × Margherita OC Pizza République" in words(usual(customer).get_text(" "))
    answer = again(customer, before)
    assert place(answer) == CHECKOUT
    tracking = form_of(answer.follow(), CHECKOUT).submit(status=303).follow()
    assert "Commande reçue" in words(tracking)
    placed = website.look_at(words(soup(tracking).select_one(".order-number").get_text())[-9:])
    assert placed.number != before.number
    assert placed.means is Means.CARD_TERMINAL
    assert placed.terms_accepted_at


def test_it_goes_where_the_order_before_went(customer, own_order):
    before = own_order()
    customer.get("/", {"mode": "takeaway"})
    page = again(customer, before).follow()
    assert soup(page).select_one("input[name=mode][checked]")["value"] == "delivery"
    assert soup(page).select_one("input[name=street]")["value"]


def test_an_order_that_is_on_its_way_is_led_to(customer, own_order):
    order = own_order(Status.READY)
    assert usual(customer).select_one(f'a[href="/suivi/{order.tracking_token}"]')


def test_what_came_to_nothing_is_not_usual(website, customer, own_order):
    own_order(Status.AWAITING_PAYMENT, means=Means.ONLINE_CARD)
    assert usual(customer) is None
    order = own_order(Status.TO_PREPARE)
    assert usual(customer)
    with website.session() as session:
        author = Author(website.account("customer").id, Role.CUSTOMER)
        cancel_order(session, order.id, author, datetime.now(UTC))
    assert usual(customer) is None


@pytest.mark.parametrize("who", [None, "cashier", "manager", "direction"])
def test_nobody_else_has_a_usual_order(website, who):
    website.order(Status.DELIVERED)
    assert usual(website.staff(who) if who else website.browser()) is None


def test_terms_are_accepted_by_a_tick_the_first_time_and_then_by_ordering(customer, own_order):
    customer.add()
    assert soup(customer.get(CHECKOUT)).select("input[type=checkbox][name=accept]")
    own_order()
    page = customer.get(CHECKOUT)
    assert not soup(page).select("input[type=checkbox][name=accept]")
    assert "En commandant, vous acceptez les conditions générales de vente" in words(page)
    refused = form_of(page, CHECKOUT)
    refused["contact_name"] = ""
    refused = refused.submit(status=422)
    assert not soup(refused).select("input[type=checkbox][name=accept]")


def test_whoever_ordered_by_telephone_only_has_accepted_nothing_yet(customer, own_order):
    own_order(source=Source.PHONE, mode=Mode.TAKEAWAY)
    customer.add()
    page = customer.get(CHECKOUT)
    assert soup(page).select("input[type=checkbox][name=accept]")
    assert not soup(page).select("input[name=means][checked]")

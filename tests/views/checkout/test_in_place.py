"""B31 where one orders: the page lets Stripe's fields in, and its script is told where to go on."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from ocpizza.models.catalogue_state import CatalogueState
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order
from payments.till import gateway, stripe
from views.pages import place, soup, words
from views.paying import come_back, keys, pay
from views.website import CHECKOUT, SHOP

__all__ = ["gateway", "keys", "stripe"]
BY_SCRIPT = {"X-In-Place": "yes"}


@pytest.fixture
def form(browser):
    """The form of somebody who has only to choose how to pay."""
    browser.add()
    browser.give_details()
    return browser.payment_form("online_card")


def orders(website) -> int:
    with website.session() as session:
        return session.scalar(select(func.count(Order.id)))


def send(browser, form):
    """The form as the page's script sends it."""
    return browser.post(CHECKOUT, form.submit_fields(), headers=BY_SCRIPT, expect_errors=True)


def test_the_script_learns_where_the_order_is_paid(website, browser, stripe, form):
    answer = send(browser, form)
    assert answer.status_int == 200
    page = browser.get(answer.json["location"])
    pay(stripe, page)
    assert "Carte acceptée" in words(come_back(page).follow())
    assert orders(website) == 1


def test_sent_again_it_leads_to_the_same_payment(website, browser, form):
    first, second = send(browser, form), send(browser, form)
    assert first.json == second.json
    assert orders(website) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("street", "2 rue du Faubourg"),
        ("contact_name", "Stanley"),
        ("mode", "takeaway"),
        ("total_delivery", "1"),
    ],
)
def test_what_was_ordered_otherwise_is_read_before_it_is_paid(website, browser, form, name, value):
    payment = send(browser, form).json["location"]
    form[name].force_value(value)
    answer = send(browser, form)
    assert (answer.status_int, place(answer)) == (303, payment)
    assert orders(website) == 1


def test_a_basket_that_has_changed_since_is_not_paid_in_place(website, browser, form):
    browser.add()
    payment = send(browser, browser.payment_form("online_card")).json["location"]
    answer = send(browser, form)
    assert (answer.status_int, place(answer)) == (303, payment)
    assert orders(website) == 1


def test_what_is_missing_is_a_page(website, browser, form):
    form["contact_name"] = ""
    answer = send(browser, form)
    assert (answer.status_int, answer.content_type) == (422, "text/html")
    assert orders(website) == 0


def test_what_is_refused_is_said_where_the_script_goes_on(website, browser, form):
    form["total_delivery"].force_value("1")
    answer = send(browser, form)
    assert "Le nouveau total est de" in words(browser.get(answer.json["location"]))
    assert orders(website) == 0


def test_another_way_to_pay_leads_to_the_order(browser, form):
    form["means"] = "cash"
    assert "Commande reçue" in words(browser.get(send(browser, form).json["location"]))


def test_the_page_lets_stripe_in_and_asks_it_for_nothing(browser, form):
    page = browser.get(CHECKOUT)
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self' https://js.stripe.com;" in policy
    assert "unsafe" not in policy
    assert [tag for tag in soup(page).find_all("script") if "stripe" in tag.get("src", "")] == []
    assert soup(page).select_one("#nouvelle-carte").has_attr("hidden")


def test_without_online_payment_it_does_not(website, browser, monkeypatch, form):
    from ocpizza.payments.gateway import NullGateway

    monkeypatch.setitem(website.application.registry, "payments", NullGateway())
    page = browser.get(CHECKOUT)
    assert "stripe" not in page.headers["Content-Security-Policy"]
    assert soup(page).select_one("#nouvelle-carte") is None


def test_only_whoever_has_an_account_may_keep_a_card(website, browser, customer, form):
    assert soup(browser.get(CHECKOUT)).select_one("#garder") is None
    customer.add()
    assert soup(customer.get(CHECKOUT)).select_one("#garder")


def test_a_company_with_its_own_account_at_stripe_is_named(website, customer):
    with website.session() as session:
        session.query(LegalEntity).update({"stripe_account": "acct_lyon"})
        # As soon as anything of the catalogue changes: restaurants are kept in memory until then.
        session.query(CatalogueState).update({"token": uuid4().hex})
    customer.add()
    page = soup(customer.get(CHECKOUT))
    assert page.select_one("#nouvelle-carte")["data-account"] == "acct_lyon"
    assert page.select_one("#garder") is None


def test_a_card_chosen_last_time_has_its_place_at_once(website, customer, stripe):
    customer.add()
    customer.give_details()
    page = customer.payment_form("online_card").submit(status=303).follow()
    pay(stripe, page)
    come_back(page)
    customer.get(SHOP)
    customer.add()
    assert not soup(customer.get(CHECKOUT)).select_one("#nouvelle-carte").has_attr("hidden")

"""The order in progress, on top of every page of the browser that placed it."""

import pytest

from factories import advance_to
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.security.shared_pages import MARK
from views.pages import place, soup, words
from views.website import SHOP, sign_in

PAGES = ["/", SHOP, f"{SHOP}/margherita", "/panier", "/conditions-generales", "/connexion"]
LEAVE = "/commande/en-cours/masquer"


def shown(page) -> str:
    found = soup(page).select_one(".followed-order")
    return words(found.get_text(" ")) if found else ""


def order(browser) -> str:
    """Order a pizza; the answer is where it is followed."""
    browser.add()
    return browser.order().request.path


def newest(website) -> Order:
    with website.session() as session:
        return session.query(Order).order_by(Order.id.desc()).first()


@pytest.mark.parametrize("path", PAGES)
def test_a_guest_sees_it_on_every_page(website, browser, path):
    tracking = order(browser)
    page = browser.get(path)
    assert f"Commande {newest(website).number} Commande reçue · Chez vous vers" in shown(page)
    assert soup(page).select_one(".followed-order a")["href"] == tracking


def test_its_own_page_does_not_say_it_twice(browser):
    assert shown(browser.get(order(browser))) == ""


def test_it_follows_the_order(website, browser):
    order(browser)
    with website.session() as session:
        advance_to(session, session.get_one(Order, newest(website).id), Status.PREPARING)
    assert "En préparation ·" in shown(browser.get("/"))


@pytest.mark.parametrize("end", [Status.DELIVERED, Status.CANCELLED])
def test_it_goes_with_the_end_of_the_order_and_is_forgotten(website, browser, end):
    order(browser)
    with website.session() as session:
        session.get_one(Order, newest(website).id).status = end
    assert shown(browser.get("/")) == ""
    with website.counted() as statements:
        browser.get("/conditions-generales")
    assert not [each for each in statements if "order_event" in each]


def test_whoever_puts_it_away_stays_where_they_are(browser):
    order(browser)
    form = browser.form(SHOP, LEAVE)
    answer = form.submit(status=303)
    assert place(answer) == SHOP
    assert shown(answer.follow()) == ""


def test_another_site_does_not_lead_away_by_it(browser):
    assert place(browser.post_form(LEAVE, {"suite": "https://example.org"})) == "/"


def test_whoever_signs_in_there_does_not_see_it(website, browser):
    order(browser)
    assert sign_in(browser, "cliente@example.org").status_int == 303
    assert shown(browser.get(SHOP)) == ""


def test_whoever_signs_out_leaves_nothing_to_the_next(website, customer):
    order(customer)
    assert shown(customer.get(SHOP)) != ""
    customer.post_form("/deconnexion")
    assert shown(customer.get(SHOP)) == ""


def test_another_browser_does_not_see_it(website, browser):
    order(browser)
    assert shown(website.browser().get(SHOP)) == ""


def test_a_colleague_who_orders_follows_nothing(website):
    cashier = website.staff("cashier")
    order(cashier)
    assert shown(cashier.get(SHOP)) == ""


def test_whoever_has_none_is_asked_nothing_about_it(website, browser):
    browser.add()
    with website.counted() as statements:
        browser.get("/conditions-generales")
    assert not [each for each in statements if "FROM orders" in each]


def test_whoever_has_one_costs_one_question_more(website, browser):
    browser.add()
    with website.counted() as before:
        browser.get("/conditions-generales")
    browser.order()
    with website.counted() as after:
        browser.get("/conditions-generales")
    assert len(after) == len(before) + 1


def test_pages_that_are_kept_for_everybody_know_nothing_of_it(website, browser):
    assert MARK in website.browser().get(SHOP).headers
    order(browser)
    assert MARK not in browser.get(SHOP).headers

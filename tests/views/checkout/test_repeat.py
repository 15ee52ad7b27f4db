"""UC3.1: a guest has the same again from the page of their order."""

import pytest

from ocpizza.domain.author import Author
from ocpizza.domain.contact import national_phone
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from views.pages import form_of, notices, place, soup, words
from views.website import BASKET


def again(browser, order, **fields):
    tracking = f"/suivi/{order.tracking_token}"
    return browser.post_form(f"{tracking}/recommander", fields)


def test_a_guest_has_the_same_again_from_the_page_of_an_order_that_has_ended(website, browser):
    order = website.order(Status.DELIVERED)
    tracking = f"/suivi/{order.tracking_token}"
    answer = browser.form(tracking, f"{tracking}/recommander").submit(status=303)
    assert place(answer) == BASKET
    assert browser.lines() == [("Margherita", 1)]
    checkout = soup(browser.get("/commande"))
    assert checkout.select_one("input[name=street]")["value"]


@pytest.mark.parametrize("who", [None, "customer", "cashier"])
def test_whoever_has_the_link_of_an_order_is_not_told_its_phone_nor_its_mail(website, who):
    browser = website.staff(who) if who else website.browser()
    order = website.order(Status.DELIVERED, email="julia@example.org")
    assert again(browser, order).status_int == 303
    page = browser.get("/commande").text
    assert "12 34 56 78" in national_phone(order.phone)
    assert national_phone(order.phone) not in page
    assert order.email not in page


def test_whose_order_it_is_finds_their_phone_on_it(website):
    author = Author(website.account("customer").id, Role.CUSTOMER)
    order, customer = website.order(Status.DELIVERED, author=author), website.staff("customer")
    again(customer, order)
    phone = soup(customer.get("/commande")).select_one("input[name=phone]")["value"]
    assert phone == national_phone(order.phone)


def test_an_order_that_is_under_way_offers_it_not_yet(website, browser):
    page = browser.get(f"/suivi/{website.order(Status.READY).tracking_token}")
    assert not soup(page).select('form[action$="/recommander"]')


def test_of_an_order_that_was_erased_nobody_is_told(website, browser):
    order = website.order(Status.DELIVERED)
    erase = f"/suivi/{order.tracking_token}/effacer"
    form = browser.form(erase, erase)
    form["contact"] = order.phone
    form.submit(status=303)
    assert again(browser, order).status_int == 303
    assert browser.lines() == [("Margherita", 1)]
    checkout = soup(browser.get("/commande"))
    assert not checkout.select_one("input[name=contact_name]").get("value")


@pytest.mark.parametrize("straight", ["", "1"])
def test_a_basket_in_use_is_replaced_only_when_asked_and_one_goes_on_where_one_was(
    website, browser, straight
):
    browser.add("regina")
    asked = again(browser, website.order(Status.DELIVERED), straight=straight)
    assert asked.status_int == 409
    assert browser.lines() == [("Regina", 1)]
    answer = form_of(asked, asked.request.path).submit(status=303)
    assert place(answer) == ("/commande" if straight else BASKET)
    assert browser.lines() == [("Margherita", 1)]


def test_a_restaurant_that_is_no_more_is_said_on_the_page_of_the_order(website, browser):
    order = website.order(Status.DELIVERED)
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).active = False
    page = again(browser, order).follow()
    assert notices(page) == ["Ce restaurant ne prend plus de commandes en ligne."]
    assert order.number in words(page)


def test_a_link_that_is_none_is_not_found(website, browser):
    assert browser.post_form(f"/suivi/{'x' * 43}/recommander").status_int == 404

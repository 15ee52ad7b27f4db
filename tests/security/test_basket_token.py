"""The basket goes on when somebody signs in, under a token that nobody knew before."""

import pytest
from sqlalchemy import select

from factories import PASSWORD
from ocpizza.models.basket import Basket
from views.pages import form_of
from views.website import BASKET, sign_in

NEW = "une phrase tout à fait neuve"
SIGN_UP = {
    "first_name": "Julia",
    "last_name": "Moreau",
    "email": "julia@example.org",
    "password": NEW,
}


def by_signing_in(browser) -> None:
    assert sign_in(browser, "cliente@example.org").status_int == 303


def by_signing_up(browser) -> None:
    form = browser.form("/inscription", "/inscription")
    for name, value in SIGN_UP.items():
        form[name] = value
    form.submit(status=303)


def by_a_new_password(browser) -> None:
    by_signing_in(browser)
    form = browser.form("/compte/mot-de-passe", "/compte/mot-de-passe")
    form["current"], form["password"] = PASSWORD, NEW
    form.submit(status=303)


@pytest.mark.parametrize("enter", [by_signing_in, by_signing_up, by_a_new_password])
def test_whoever_knew_the_old_cookie_does_not_see_the_basket(website, browser, enter):
    browser.add(quantity=2)
    thief = website.browser()
    thief.set_cookie("ocpizza", browser.cookies["ocpizza"].strip('"'))
    assert thief.lines() == [("Margherita", 2)]
    before = tokens(website)
    enter(browser)
    assert browser.lines() == [("Margherita", 2)]
    assert not before & tokens(website)
    assert thief.lines() == []


def test_a_basket_set_aside_goes_on_too(website, browser):
    order = website.order()
    others = tokens(website)
    browser.add(quantity=2)
    browser.post_form(f"/suivi/{order.tracking_token}/modifier")
    before = tokens(website) - others
    assert len(before) == 2
    by_signing_in(browser)
    assert not before & tokens(website)
    form_of(browser.get(BASKET), "/modification/abandonner").submit(status=303)
    assert browser.lines() == [("Margherita", 2)]


def tokens(website) -> set[str]:
    with website.session() as session:
        return set(session.scalars(select(Basket.token)))

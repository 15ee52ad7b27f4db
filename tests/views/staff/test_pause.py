"""The kitchen pauses orders from the web, and customers read why."""

import pytest

from views.pages import form_of, notices, soup, words
from views.website import BASKET, HERE, SHOP

KITCHEN = f"/equipe/{HERE}/cuisine"
PAUSE = f"/equipe/{HERE}/commandes-en-ligne/suspendre"
RESUME = f"/equipe/{HERE}/commandes-en-ligne/reprendre"


@pytest.fixture
def cook(website):
    return website.staff("pizzaiolo")


def pause(cook, length="30", reason="Four en panne <b>"):
    form = form_of(cook.get(KITCHEN), PAUSE)
    form["length"], form["reason"] = length, reason
    return form.submit(status=303).follow()


@pytest.mark.parametrize("length", ["15", "30", "60", "closing"])
def test_customers_read_why_and_when_it_goes_on(website, cook, browser, length):
    page = pause(cook, length)
    assert "Commandes en ligne suspendues jusqu’à" in notices(page)[0]
    menu = words(browser.get(SHOP))
    assert "« Four en panne <b> »" in menu
    assert "Pas de commande en ligne · reprise" in menu
    browser.add("margherita")
    bar = soup(browser.get(SHOP)).select("#basket-bar a")
    assert [link["href"] for link in bar] == [BASKET]
    assert "Votre panier est conservé." in words(browser.get(BASKET))


def test_it_goes_on_at_once_when_the_kitchen_says_so(cook, browser):
    page = pause(cook)
    assert "Four en panne" in words(page)
    page = form_of(page, RESUME).submit(status=303).follow()
    assert notices(page) == ["Les commandes en ligne reprennent."]
    assert soup(page).select_one("details.pause")
    browser.add()
    browser.order()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"length": "30", "reason": ""}, "Indiquez un motif : les clients le lisent."),
        ({"length": "30", "reason": " \t"}, "Indiquez un motif : les clients le lisent."),
        ({"length": "31", "reason": "x"}, "N'est pas un choix valide."),
        ({"length": "30", "reason": "x" * 201}, "trop long"),
    ],
)
def test_what_cannot_be_changes_nothing(cook, browser, fields, message):
    cook.get(KITCHEN)
    page = cook.post_form(PAUSE, fields)
    assert page.status_int == 422
    form = soup(page).select_one("details[open].pause form")
    assert message.lower() in words(form.get_text(" ")).lower()
    assert form.select_one("[name=reason]")["value"] == fields["reason"].strip()
    browser.add()
    browser.order()


def test_a_closed_restaurant_has_nothing_to_pause(website, cook):
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).opening_hours = []
    page = pause(cook)
    assert "Le restaurant est fermé" in notices(page)[0]
    assert not soup(page).select_one(".notice.pause")

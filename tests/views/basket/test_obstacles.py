"""A basket that cannot be ordered says why, its button is none, and no address leads further."""

import pytest
from sqlalchemy import delete, update

from factories import stock_up
from ocpizza.models.basket import BasketLine
from ocpizza.models.restaurant import OpeningHours
from views.pages import form_of, place, soup, words
from views.website import BASKET, CHECKOUT, STANLEY

# What stands in the way is said once, beside the button.
TOLD = f"{BASKET}#obstacles"


def close(website, browser):
    with website.session() as session:
        session.execute(delete(OpeningHours))


def drink_only(website, browser):
    line = soup(browser.get(BASKET)).select_one("input[name=line]")["value"]
    browser.add("cola")
    browser.post_form("/panier/modifier", {"line": line, "quantity": "0"})


def sell_out(website, browser):
    pizzeria = website.pizzeria
    with website.session() as session:
        left = -pizzeria.stock_of(session, "jambon")
        stock_up(
            session, session.merge(pizzeria.restaurant), {pizzeria.ingredients["jambon"]: left}
        )


def withdraw(website, browser):
    with website.session() as session:
        session.execute(update(BasketLine).values(selection="[[99,[],[]]]"))


WAYS = {
    close: "Le restaurant est fermé.",
    drink_only: "Une commande contient au moins une pizza.",
    sell_out: "Nous n’avons plus de quoi tout préparer.",
    withdraw: "Un article de votre panier n’est plus à la carte.",
}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_cannot_be_ordered_goes_no_further_than_the_basket(website, browser, way):
    browser.add("regina")
    browser.give_details()
    way(website, browser)
    page = browser.get(BASKET)
    assert WAYS[way] in words(soup(page).select_one("#obstacles").get_text(" "))
    assert soup(page).select(f'a[href="{CHECKOUT}"]') == []
    (button,) = soup(page).select("[aria-disabled=true]")
    assert "href" not in button.attrs
    assert button["aria-describedby"] == "obstacles"
    answer = browser.get(CHECKOUT, status=303)
    assert place(answer) == TOLD
    assert words(soup(answer.follow()).text).count(WAYS[way]) == 1
    answer = browser.post_form(CHECKOUT, STANLEY | {"mode": "takeaway"})
    assert place(answer) == TOLD


def test_too_little_for_a_delivery_may_still_be_taken_away(website, browser):
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).minimum_order_cents = 1500
    browser.add()
    form = browser.form(CHECKOUT, CHECKOUT)
    assert form["mode"].value == "takeaway"
    modes = {box["value"]: box for box in soup(browser.get(CHECKOUT)).select("input[name=mode]")}
    assert "disabled" in modes["delivery"].attrs
    assert "Plus que 5,50 € pour être livré" in words(modes["delivery"].find_parent("label").text)
    refused = browser.post_form(CHECKOUT, STANLEY | {"mode": "delivery"})
    assert refused.status_int == 422
    assert "Plus que 5,50 € pour être livré" in words(soup(refused).select_one("#mode-erreur").text)
    assert soup(refused).select_one("#street")["value"] == STANLEY["street"]
    browser.order(mode="takeaway")


def test_a_delivery_that_became_too_little_may_be_taken_away(website, browser):
    browser.add()
    browser.give_details()
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).minimum_order_cents = 1500
    page = browser.get(CHECKOUT)
    assert words(page).count("Plus que 5,50 € pour être livré") == 1
    assert form_of(page, CHECKOUT)["mode"].value == "takeaway"


def test_a_good_basket_has_its_button(website, browser):
    browser.add()
    page = soup(browser.get(BASKET))
    assert page.select_one(f'a[href="{CHECKOUT}"]') is not None
    assert page.select("[aria-disabled]") == []

"""B3: the means of payment, the terms, and every way in which an order is refused."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from factories import stock_up
from ocpizza.domain.hours import business_day
from ocpizza.models.order import Order
from ocpizza.models.product import ProductSize
from ocpizza.models.restaurant import DeliveryArea, OpeningHours
from views.pages import form_of, hindrances, notices, soup, words
from views.website import BASKET, CHANGE, CHECKOUT


@pytest.fixture
def browser(browser):
    """The browser of somebody who has only to pay two pizzas."""
    browser.add()
    browser.add("regina")
    browser.give_details()
    return browser


TWO_PIZZAS = [("Margherita", 1), ("Regina", 1)]


def orders(website) -> int:
    with website.session() as session:
        return session.scalar(select(func.count(Order.id)))


def error_at(page, name: str) -> str:
    found = soup(page).select_one(f"#{name}-erreur")
    return words(found.get_text()) if found else ""


def said_of(page, mode: str) -> str:
    """What is only said while this mode is chosen."""
    return " ".join(
        words(each.get_text(" ")) for each in soup(page).select(f"[data-only-mode={mode}]")
    )


def test_the_page_shows_what_is_ordered_and_what_it_costs(browser):
    page = browser.get(CHECKOUT)
    text = words(page)
    assert "1 × Margherita Classique 31 cm 9,50 €" in text
    assert "Commande avec obligation de paiement · 23,50 € · 21,00 €" in text
    parts = {mode: said_of(page, mode) for mode in ("delivery", "takeaway")}
    assert "Total TTC 23,50 €" in parts["delivery"]
    assert "Vous réglerez au livreur" in parts["delivery"]
    assert "Total TTC 21,00 €" in parts["takeaway"]
    assert "À retirer chez OC Pizza République" in parts["takeaway"]
    assert "Vous réglerez au comptoir" in parts["takeaway"]
    means = [box["value"] for box in soup(page).select("input[name=means]")]
    assert means == ["card_terminal", "cash", "meal_voucher", "other"]
    assert soup(page).select_one("input[name=accept][checked]") is None


@pytest.mark.parametrize(("mode", "total"), [("delivery", "23,50 €"), ("takeaway", "21,00 €")])
def test_the_total_is_the_one_shown_for_the_mode_that_is_chosen(browser, mode, total):
    form = browser.payment_form()
    form["mode"] = mode
    assert f"Total TTC {total}" in words(form.submit(status=303).follow())


@pytest.mark.parametrize("shown", ["", "2350", "nonsense"])
def test_a_total_that_was_shown_for_another_mode_is_none(website, browser, shown):
    form = browser.payment_form()
    form["mode"] = "takeaway"
    form["total_takeaway"].force_value(shown)
    form.submit(expect_errors=True)
    assert orders(website) == 0


def test_a_missing_means_of_payment_is_said_at_the_field(website, browser):
    form = form_of(browser.get(CHECKOUT), CHECKOUT)
    form["accept"] = True
    page = form.submit(status=422)
    assert error_at(page, "means") == "Choisissez un moyen de paiement."
    assert browser.lines() == TWO_PIZZAS
    assert orders(website) == 0


def test_the_terms_must_be_accepted(website, browser):
    form = form_of(browser.get(CHECKOUT), CHECKOUT)
    form["means"] = "card_terminal"
    page = form.submit(status=422)
    assert error_at(page, "accept") == (
        "Acceptez les conditions générales de vente pour commander."
    )
    assert form_of(page, CHECKOUT)["means"].value == "card_terminal"
    assert orders(website) == 0


@pytest.mark.parametrize("means", ["online_card", "gold", "", "cash\x00x"])
def test_an_invented_means_of_payment_is_said_at_the_field(website, browser, means):
    form = browser.payment_form()
    form["means"].force_value(means)
    page = form.submit(status=422)
    assert error_at(page, "means") != ""
    assert orders(website) == 0


def test_after_an_error_the_same_form_places_the_order(website, browser):
    form = form_of(browser.get(CHECKOUT), CHECKOUT)
    form["means"] = "cash"
    again = form_of(form.submit(status=422), CHECKOUT)
    again["accept"] = True
    assert "Commande reçue" in words(again.submit(status=303).follow())


def test_another_total_is_refused_and_the_new_one_shown(website, browser):
    form = browser.payment_form()
    form["total_delivery"].force_value("1")
    page = form.submit(status=303).follow()
    assert page.request.path == CHECKOUT
    assert "Le nouveau total est de 23,50 €" in notices(page)[0]
    assert browser.lines() == TWO_PIZZAS
    assert orders(website) == 0


def test_a_price_that_rises_meanwhile_is_shown_before_it_is_paid(website, browser):
    form = browser.payment_form()
    with website.session() as session:
        size = website.pizzeria.size("regina").id
        session.execute(update(ProductSize).where(ProductSize.id == size).values(price_cents=1250))
    page = form.submit(status=303).follow()
    assert "Le nouveau total est de 24,50 €" in notices(page)[0]
    again = form_of(page, CHECKOUT)
    again["means"], again["accept"] = "cash", True
    assert "Total TTC 24,50 €" in words(again.submit(status=303).follow())


def close_until(website, days: int) -> None:
    """Closed, but for an hour at noon in so many days."""
    with website.session() as session:
        restaurant = session.merge(website.pizzeria.restaurant)
        restaurant.opening_hours.clear()
        session.flush()
        if days:
            weekday = (business_day(datetime.now(UTC)) + timedelta(days=days)).weekday()
            hours = OpeningHours(weekday=weekday, opens_minute=720, closes_minute=780)
            restaurant.opening_hours.append(hours)


def test_a_closed_restaurant_says_when_it_opens_and_keeps_the_basket(website, browser):
    form = browser.payment_form()
    close_until(website, 3)
    (message,) = hindrances(form.submit(status=303).follow())
    assert re.fullmatch(
        "Le restaurant est fermé, il ouvre [a-z]+ [0-9]+ [a-zûé]+ à 12 h. "
        "Votre panier est conservé.",
        message,
    )
    assert browser.lines() == TWO_PIZZAS
    assert message in words(browser.get(BASKET))
    assert orders(website) == 0


def test_a_restaurant_that_does_not_open_any_more_says_so(website, browser):
    form = browser.payment_form()
    close_until(website, 0)
    assert hindrances(form.submit(status=303).follow()) == [
        "Le restaurant est fermé. Votre panier est conservé."
    ]


def test_what_the_stock_cannot_make_is_named_with_what_is_left(website, browser):
    browser.add("regina", quantity=3)
    form = browser.payment_form()
    with website.session() as session:
        pizzeria = website.pizzeria
        delta = 2 * 60 - pizzeria.stock_of(session, "jambon")
        stock_up(
            session, session.merge(pizzeria.restaurant), {pizzeria.ingredients["jambon"]: delta}
        )
    page = form.submit(status=303).follow()
    assert page.request.path == BASKET
    assert "Regina Classique 31 cm : il en reste 2." in hindrances(page)[0]
    assert "Votre panier est conservé" in hindrances(page)[0]
    assert browser.lines() == [("Margherita", 1), ("Regina", 4)]
    assert orders(website) == 0


def test_what_is_all_gone_is_named(website, browser):
    form = browser.payment_form()
    with website.session() as session:
        session.merge(website.pizzeria.products["regina"]).available = False
    page = form.submit(status=303).follow()
    assert "Regina Classique 31 cm : il n’en reste plus." in hindrances(page)[0]
    assert browser.lines() == TWO_PIZZAS


def test_a_postcode_that_is_not_served_any_more_is_said_at_the_field(website, browser):
    form = browser.payment_form()
    with website.session() as session:
        session.execute(update(DeliveryArea).values(postcode="75012"))
    page = form.submit(status=422)
    assert "ne livre pas le 75011" in error_at(page, "postcode")
    assert form_of(page, CHECKOUT)["means"].value == "cash"


def test_below_the_minimum_only_taking_it_away_is_left(website, browser):
    form = browser.payment_form()
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).minimum_order_cents = 5000
    page = form.submit(status=422)
    assert error_at(page, "mode").startswith("Plus que 29,00 € pour être livré (minimum 50,00 €)")
    again = form_of(page, CHECKOUT)
    again["mode"] = "takeaway"
    assert "Commande reçue" in words(again.submit(status=303).follow())


def test_a_drink_alone_is_refused(website, browser):
    browser.add("cola")
    form = browser.payment_form()
    for line in ("1", "2"):
        browser.post_form(CHANGE, {"line": line, "quantity": "0"})
    page = form.submit(status=303).follow()
    assert hindrances(page)[0] == "Une commande contient au moins une pizza. Ajoutez-en une."
    assert browser.lines() == [("Cola 33 cl", 1)]


def test_what_was_chosen_is_still_chosen_when_a_price_has_changed(website, browser):
    form = browser.payment_form("card_terminal")
    with website.session() as session:
        session.execute(update(ProductSize).values(price_cents=1000))
    page = form.submit(status=303).follow()
    assert "Un prix a changé" in notices(page)[0]
    assert form_of(page, CHECKOUT)["means"].value == "card_terminal"


def test_a_basket_emptied_in_another_tab_is_said_to_be_empty(website, browser):
    form = browser.payment_form()
    browser.post_form(CHANGE, {"vider": "1"})
    page = form.submit(status=303).follow()
    assert "Votre panier est vide" in words(page)
    assert orders(website) == 0


@pytest.mark.parametrize("key", ["", "invented", "x" * 43, "x" * 44])
def test_an_invented_key_places_no_order(website, browser, key):
    form = browser.payment_form()
    form["key"].force_value(key)
    answer = form.submit(expect_errors=True)
    assert answer.status_int in (303, 422)
    assert orders(website) == 0
    assert browser.lines() == TWO_PIZZAS

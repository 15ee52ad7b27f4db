"""Alcohol, as customers, cashiers and drivers read of it."""

import pytest

from ocpizza.models.order_status import Status
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.vat import Mode
from views.pages import form_of, notices, place, soup, words
from views.website import CHECKOUT, HERE, SHOP, STANLEY

ALCOHOL = f"/equipe/{HERE}/restaurant/alcool"
CHECK = "Alcool : vérifier l’âge"


@pytest.fixture
def dry(website):
    """The restaurant has no licence."""
    with website.session() as session:
        session.get_one(Restaurant, website.pizzeria.restaurant.id).sells_alcohol = False


def told(page) -> str:
    return words(soup(page).get_text(" "))


def checkout(website, **fields):
    browser = website.browser()
    browser.add("margherita")
    browser.add("biere")
    form = form_of(browser.get(CHECKOUT), CHECKOUT)
    for name, value in (STANLEY | {"mode": "delivery", "means": "cash", "accept": True}).items():
        form[name] = value
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def test_whoever_has_a_beer_in_the_basket_says_once_that_they_are_18(website):
    refused = checkout(website)
    assert refused.status_int == 422
    assert "La vente d’alcool est interdite aux moins de 18 ans" in told(refused)
    assert "/suivi/" in place(checkout(website, of_age=True))


def test_nobody_is_asked_for_a_pizza(website):
    browser = website.browser()
    browser.add("margherita")
    assert "18 ans ou plus" not in told(browser.get(CHECKOUT))


def test_a_restaurant_without_a_licence_says_why_it_sells_none(website, dry):
    browser, why = website.browser(), "Ce restaurant ne vend pas d’alcool"
    menu = soup(browser.get(SHOP))
    beer = menu.select_one("#produit-biere")
    assert why in words(beer.get_text(" "))
    assert not beer.select("button")
    assert menu.select("#produit-cola button")
    page = browser.get(f"{SHOP}/biere")
    assert why in told(page)
    assert "choix" not in page.forms
    browser.add("margherita")
    size = str(website.pizzeria.size("biere").id)
    browser.post_form(f"{SHOP}/ajouter", {"size": size, "quantity": "1"})
    assert f"{why} : retirez-le de votre panier" in told(browser.get("/panier"))
    assert "ne vend pas d’alcool" in told(browser.get(CHECKOUT).follow())


def test_driver_and_counter_read_that_they_look_at_the_age(website):
    lines = [(website.pizzeria.select("margherita"), 1), (website.pizzeria.select("biere"), 1)]
    website.order(Status.READY, lines=lines)
    website.order(Status.READY, lines=lines, mode=Mode.TAKEAWAY)
    assert CHECK in told(website.staff("driver").get(f"/equipe/{HERE}/livraisons"))
    assert CHECK in told(website.staff("cashier").get(f"/equipe/{HERE}/comptoir"))


def test_without_alcohol_nobody_looks(website):
    website.order(Status.READY)
    assert CHECK not in told(website.staff("driver").get(f"/equipe/{HERE}/livraisons"))


def test_a_manager_says_in_which_hours_alcohol_is_sold(website):
    manager = website.staff("manager")
    form = form_of(manager.get(ALCOHOL), ALCOHOL)
    form["alcohol_from_minute"], form["alcohol_to_minute"] = "08:00", ""
    refused = form.submit(expect_errors=True)
    assert "Indiquez les deux heures, ou aucune." in told(refused)
    form = form_of(refused, ALCOHOL)
    form["alcohol_to_minute"] = "22:00"
    saved = form.submit().follow()
    assert any("La vente d’alcool est enregistrée" in each for each in notices(saved))
    assert "Alcool à partir de 8 h Alcool jusqu’à 22 h" in told(saved)
    form = form_of(manager.get(ALCOHOL), ALCOHOL)
    form["sells_alcohol"] = False
    form.submit()
    assert "Vend de l’alcool" in told(manager.get(f"/equipe/{HERE}/journal"))
    assert "ne vend pas d’alcool" in told(website.browser().get(SHOP))


def test_what_somebody_wrote_meanwhile_is_shown_before_it_is_replaced(website):
    manager = website.staff("manager")
    stale = form_of(manager.get(ALCOHOL), ALCOHOL)
    form = form_of(manager.get(ALCOHOL), ALCOHOL)
    form["sells_alcohol"] = False
    form.submit()
    stale["alcohol_from_minute"], stale["alcohol_to_minute"] = "10:00", "20:00"
    answer = stale.submit(expect_errors=True)
    assert "Version actuelle : non" in told(answer)

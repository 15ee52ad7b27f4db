"""The group's manager opens a restaurant by a form."""

import pytest
import webtest

from views.pages import form_of, notices, soup, words
from views.website import HERE

PAGE = "/equipe/restaurants/nouveau"
FIELDS = {
    "restaurant_code": "city_006",
    "slug": "lyon-bellecour",
    "shown_name": "OC Pizza Bellecour",
    "street": "1 place Bellecour",
    "postcode": "69002",
    "town": "Lyon",
    "phone": "04 72 00 00 00",
    "email": "bellecour@ocpizza.example",
    "postcodes": "69002, 69001",
    "monday_hours": "18-23",
}


@pytest.fixture
def direction(website):
    return website.staff("direction")


def fill(direction, **fields) -> webtest.Form:
    form = form_of(direction.get(PAGE), PAGE)
    for name, value in {**FIELDS, **fields}.items():
        form[name] = value
    return form


def test_the_page_of_all_restaurants_leads_there(direction):
    assert PAGE in {link["href"] for link in soup(direction.get("/equipe")).select("main a")}


def test_it_is_on_line_without_a_restart(direction, browser):
    assert "Bellecour" not in words(browser.get("/"))
    page = fill(direction).submit(status=303).follow()
    assert notices(page)[0].startswith("OC Pizza Bellecour est en ligne. Son stock est à zéro")
    assert "OC Pizza Bellecour" in words(browser.get("/"))
    assert "OC Pizza Bellecour" in words(browser.get("/?code_postal=69001").maybe_follow())
    menu = browser.get("/pizzeria/lyon-bellecour")
    assert "Margherita" in words(menu)
    assert "Indisponible" in words(menu)
    for workplace in ("cuisine", "stock", "personnel", "restaurant", "chiffres", "commandes"):
        direction.get(f"/equipe/city_006/{workplace}", status=200)


@pytest.mark.parametrize(
    ("fields", "name", "message"),
    [
        ({"restaurant_code": HERE}, "restaurant_code", "Un autre restaurant a déjà ce code."),
        ({"slug": "city-001"}, "slug", "Un autre restaurant a déjà cette adresse."),
        ({"restaurant_code": ""}, "restaurant_code", "Indiquez un code."),
        ({"restaurant_code": "6 lyon"}, "restaurant_code", "Un code a des lettres sans accent"),
        ({"restaurant_code": "common"}, "restaurant_code", "Un code a des lettres sans accent"),
        ({"restaurant_code": "city-006"}, "restaurant_code", "Un code a des lettres sans accent"),
        ({"slug": "Lyon Bellecour"}, "slug", "Une adresse a des lettres sans accent"),
        ({"slug": "../x"}, "slug", "Une adresse a des lettres sans accent"),
        ({"postcodes": ""}, "postcodes", "Indiquez au moins un code postal"),
        ({"monday_hours": "23-18"}, "monday_hours", "La fin vient avant le début."),
    ],
)
def test_what_cannot_be_is_told_and_nothing_is_lost(direction, browser, fields, name, message):
    page = fill(direction, **fields).submit(status=422)
    assert message in words(soup(page).select_one(f"#{name}-erreur").get_text())
    form = form_of(page, PAGE)
    assert form["town"].value == "Lyon"
    assert form[name].value.lower() == fields[name].lower()
    assert "Bellecour" not in words(browser.get("/"))


def test_nobody_chooses_a_company_that_there_is_not(direction):
    form = fill(direction)
    form["company"].force_value("999")
    assert form.submit(expect_errors=True).status_int == 422


def test_the_trail_tells_it_in_words(direction):
    fill(direction).submit(status=303)
    trail = words(direction.get("/equipe/city_006/journal"))
    assert "Adresse dans la boutique après : lyon-bellecour" in trail
    assert "Lundi après : 18 h – 23 h" in trail

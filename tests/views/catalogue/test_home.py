"""UC1.1, first page: the restaurants, and who delivers to a postcode."""

import pytest

from views.pages import soup, words
from views.website import SHOP


def titles(page) -> list[str]:
    return [heading.get_text(strip=True) for heading in soup(page).select("h3")]


def test_the_first_page_lists_the_restaurants_with_their_hours_and_fees(browser):
    page = browser.get("/")
    assert titles(page) == ["OC Pizza Montparnasse", "OC Pizza République"]
    assert "Ouvert jusqu’à 6 h" in words(page)
    assert "Livraison 2,50 € dès 0,00 € d’achats" in words(page)
    assert f'href="{SHOP}"' in page.text


def test_a_restaurant_that_is_not_active_is_not_shown(website, browser):
    with website.session() as session:
        session.merge(website.branch.restaurant).active = False
    assert titles(browser.get("/")) == ["OC Pizza République"]
    browser.get("/pizzeria/city-002", status=404)


@pytest.mark.parametrize("typed", ["75011", " 75011 ", "75 011"])
def test_a_postcode_finds_who_delivers_there(website, browser, typed):
    with website.session() as session:
        session.merge(website.branch.restaurant).delivers = False
    page = browser.get("/", {"code_postal": typed})
    assert "Livraison au 75011" in words(page)
    assert titles(page)[0] == "OC Pizza République"
    assert titles(page).count("OC Pizza Montparnasse") == 1


def test_a_postcode_where_nobody_delivers_says_so_and_offers_to_collect(browser):
    page = browser.get("/", {"code_postal": "13001"})
    assert "Nous ne livrons pas encore à cette adresse." in words(page)
    assert titles(page) == ["OC Pizza Montparnasse", "OC Pizza République"]


@pytest.mark.parametrize("typed", ["7501", "750111", "Paris", "75O11", "٧٥٠١١", "<b>"])
def test_what_is_no_postcode_is_said_at_the_field_and_shown_again(browser, typed):
    page = browser.get("/", {"code_postal": typed})
    assert "Un code postal compte cinq chiffres, par exemple 75011." in words(page)
    field = soup(page).select_one("input[name=code_postal]")
    assert field["value"] == typed
    assert field["aria-invalid"] == "true"


def test_without_restaurants_the_first_page_says_so(website, browser):
    with website.session() as session:
        for place in (website.pizzeria, website.branch):
            session.merge(place.restaurant).active = False
    assert "Nos restaurants ouvrent bientôt" in words(browser.get("/"))


def test_the_terms_are_one_page_for_everybody(browser):
    page = browser.get("/conditions-generales")
    assert "Conditions générales de vente" in words(page)


def test_the_first_page_is_one_statement(website, browser):
    with website.counted() as statements:
        browser.get("/", {"code_postal": "75011"})
    assert len(statements) == 1

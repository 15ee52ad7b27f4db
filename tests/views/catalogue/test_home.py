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
def test_a_postcode_finds_who_delivers_there(browser, typed):
    page = browser.get("/", {"code_postal": typed})
    assert "Livraison au 75011 Paris" in words(page)
    assert titles(page)[:2] == ["OC Pizza Montparnasse", "OC Pizza République"]


def test_where_one_restaurant_delivers_its_menu_is_the_next_page(website, browser):
    with website.session() as session:
        session.merge(website.branch.restaurant).delivers = False
    answer = browser.get("/", {"mode": "delivery", "code_postal": "75011"}, status=303)
    assert answer.headers["Location"] == f"http://localhost{SHOP}"
    assert "Livraison au 75011 Paris · Chez vous vers" in words(answer.follow())


def test_who_fetches_their_order_sees_what_is_near_first(website, browser):
    with website.session() as session:
        session.merge(website.branch.restaurant).postcode = "75014"
    page = browser.get("/", {"mode": "takeaway", "code_postal": "75014"})
    assert "À emporter près du 75014" in words(page)
    assert titles(page) == ["OC Pizza Montparnasse", "OC Pizza République"]
    assert titles(browser.get("/", {"mode": "takeaway", "code_postal": "75011"})) == [
        "OC Pizza République",
        "OC Pizza Montparnasse",
    ]


def test_who_fetches_their_order_need_not_say_where_they_are(browser):
    page = browser.get("/", {"mode": "takeaway", "code_postal": ""})
    assert "Un code postal compte" not in words(page)
    assert len(titles(page)) == 2
    assert "À emporter · Prête vers" in words(browser.get(SHOP))
    assert "Chez vous" not in words(browser.get(SHOP))


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


def test_who_wants_a_delivery_and_says_no_postcode_is_asked_for_it(browser):
    page = browser.get("/", {"mode": "delivery", "code_postal": " "})
    assert "Indiquez le code postal." in words(page)
    assert soup(page).select_one("input[name=code_postal]")["aria-invalid"] == "true"


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

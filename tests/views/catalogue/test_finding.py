"""UC1.1: one finds one's way in a menu: by words, by what suits, without an allergen."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.domain.hours import business_day
from ocpizza.models.ingredient import Diet
from ocpizza.models.product import Product
from ocpizza.models.recent_sale import RecentSale
from views.pages import form_of, soup, words
from views.website import SHOP

DIETS = {
    "farine": Diet.VEGETARIAN,
    "sauce-tomate": Diet.VEGETARIAN,
    "mozzarella": Diet.VEGETARIAN,
    "champignons": Diet.VEGETARIAN,
    "cola": Diet.VEGETARIAN,
    "jambon": Diet.PORK,
}


@pytest.fixture
def told(website):
    """Everybody has said what is in everything, but for the beer; ham is spicy here."""
    with website.session() as session:
        for code, diet in DIETS.items():
            ingredient = session.merge(website.pizzeria.ingredients[code])
            ingredient.diet, ingredient.spicy = diet, code == "jambon"
    return website


def shown(page) -> list[str]:
    cards = soup(page).select("section:not([hidden]) .product:not([hidden])")
    return [card["id"].removeprefix("produit-") for card in cards]


def card(page, slug: str):
    return soup(page).select_one(f"#produit-{slug}")


def look(browser, **fields):
    """Fill in the form of the menu and send it, as a browser without JavaScript."""
    form = browser.get(SHOP).forms["chercher"]
    for name, values in fields.items():
        if name == "recherche":
            form[name] = values
            continue
        for box in form.fields[name]:
            box.checked = box._value in values
    return form.submit()


def test_everything_is_shown_before_anything_is_looked_for(browser):
    page = browser.get(SHOP)
    assert shown(page) == ["margherita", "regina", "cola", "biere"]
    assert soup(page).select_one(".found span")["hidden"] == ""
    assert shown(look(browser)) == shown(page)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("REGINA", ["regina"]),
        ("champinions", ["regina"]),
        ("mozarella", ["margherita", "regina"]),
        ("boissons", ["cola", "biere"]),
        ("sushi", []),
    ],
)
def test_words_find_products_by_name_shelf_and_ingredients(browser, typed, found):
    page = look(browser, recherche=typed)
    assert shown(page) == found
    assert soup(page).select_one("#recherche")["value"] == typed
    assert f"{len(found)} sur 4 produits" in words(page)
    nothing = "hidden" not in soup(page).select_one("#rien-trouve").attrs
    assert nothing == (not found)


def test_a_shelf_of_which_nothing_is_wanted_is_not_shown(browser):
    page = look(browser, recherche="regina")
    shelves = [heading.get_text() for heading in soup(page).select("section:not([hidden]) > h2")]
    assert shelves == ["Pizzas"]


def test_what_suits_vegetarians_is_found_and_what_can_be_made_to_says_without_what(told, browser):
    page = look(browser, filtre=["vegetarian"])
    # Of the beer nobody has said anything.
    assert shown(page) == ["margherita", "regina", "cola"]
    assert not card(page, "margherita").select(".leave-out")
    ham = told.pizzeria.ingredients["jambon"].id
    way = card(page, "regina").select_one(".leave-out a")
    assert words(way.get_text()) == "Possible sans : jambon"
    assert way["href"] == f"{SHOP}/regina?sans={ham}"
    assert "hidden" in card(page, "regina").select_one(".sizes").attrs
    assert "ni viande ni poisson" in words(soup(page).select_one("[data-about]").get_text())


def test_what_must_be_left_out_is_left_out_already_on_the_page_of_the_product(told, browser):
    page = look(browser, filtre=["without_pork"]).click("Possible sans")
    ham = told.pizzeria.ingredients["jambon"].id
    ticked = [box["value"] for box in soup(page).select("input[name=without][checked]")]
    assert ticked == [str(ham)]
    page = form_of(page, f"{SHOP}/regina").submit().follow()
    assert "sans jambon" in words(browser.get("/panier"))


@pytest.mark.parametrize("said", ["x", "0", "9" * 30, "1&sans=" * 50, "999999", "%00"])
def test_what_an_address_says_of_ingredients_may_be_anything(browser, said):
    page = browser.get(f"{SHOP}/regina?sans={said}")
    assert not soup(page).select("input[name=without][checked]")


def test_without_an_allergen_is_computed_from_the_recipe(told, browser):
    page = look(browser, sans=["milk"])
    assert shown(page) == ["margherita", "regina", "cola", "biere"]
    assert words(card(page, "margherita").select_one(".leave-out").get_text()) == (
        "Possible sans : mozzarella"
    )
    assert shown(look(browser, sans=["gluten"])) == ["cola"]
    page = look(browser, sans=["milk"], filtre=["without_pork"])
    assert "Possible sans : mozzarella, jambon" in words(card(page, "regina").get_text(" "))
    assert words(soup(page).select_one("details.avoid summary").get_text()) == (
        "Sans allergène · lait"
    )


def test_what_is_spicy_is_found_and_says_so(told, browser):
    assert shown(look(browser, filtre=["spicy"])) == ["regina"]
    assert shown(look(browser, filtre=["spicy", "without_pork"])) == []
    assert "Épicé" in words(card(browser.get(SHOP), "regina").get_text(" "))
    assert "Épicé" not in words(card(browser.get(SHOP), "margherita").get_text(" "))


@pytest.mark.parametrize("number", [0, -1])
def test_what_a_card_says_of_its_product_finds_it(told, browser, number):
    traits = [words(each.get_text()) for each in soup(browser.get(SHOP)).select(".trait")]
    page = browser.get(SHOP, {"recherche": traits[number]})
    assert 0 < len(shown(page)) < 4
    for slug in shown(page):
        assert traits[number] in words(card(page, slug).get_text())


def test_an_address_that_asks_for_what_there_is_not_shows_everything(browser):
    page = browser.get(f"{SHOP}?filtre=vegan&sans=stones&autre=1")
    assert shown(page) == ["margherita", "regina", "cola", "biere"]


def sold(website, **numbers: int) -> None:
    with website.session() as session:
        for slug, number in numbers.items():
            product = website.pizzeria.products[slug].id
            here = website.pizzeria.restaurant.id
            session.add(RecentSale(restaurant_id=here, product_id=product, sold=number))


def test_what_is_ordered_most_says_so_and_is_found(website, browser):
    assert not soup(browser.get(SHOP)).select("#chercher input[value=most_ordered]")
    sold(website, regina=150, cola=500)
    assert "Très commandé" in words(card(browser.get(SHOP), "regina").get_text(" "))
    assert shown(look(browser, filtre=["most_ordered"])) == ["regina"]
    # Nobody knows yet what is liked there: the chain's taste.
    elsewhere = card(browser.get("/pizzeria/city-002"), "regina")
    assert "Très commandé" in words(elsewhere.get_text(" "))


def test_what_is_new_says_so_and_is_found_as_long_as_it_is(website, browser):
    since = business_day(datetime.now(UTC)) - timedelta(days=3)
    with website.session() as session:
        session.merge(website.pizzeria.products["regina"]).on_menu_since = since
    assert "Nouveau" in words(card(browser.get(SHOP), "regina").get_text(" "))
    assert shown(look(browser, filtre=["new"])) == ["regina"]
    with website.session() as session:
        product = session.get_one(Product, website.pizzeria.products["regina"].id)
        product.on_menu_since = since - timedelta(days=60)
    page = browser.get(SHOP)
    assert "Nouveau" not in words(card(page, "regina").get_text(" "))
    assert not soup(page).select("#chercher input[value=new]")


def test_a_menu_looked_through_is_no_more_statements(told, browser):
    browser.get(SHOP)
    with told.counted() as statements:
        browser.get(f"{SHOP}?recherche=chanpignon&filtre=vegetarian&sans=fish")
    assert len(statements) <= 3


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", True),
        ("?filtre=vegetarian", True),
        ("?recherche=&filtre=vegetarian&sans=milk", True),
        ("?sans=milk&filtre=vegetarian", False),
        ("?filtre=vegetarian&sans=milk&sans=eggs", False),
        ("?recherche=regina", False),
        ("?filtre=vegan", False),
        ("?autre=1", False),
    ],
)
def test_of_the_addresses_that_one_can_invent_few_are_kept(browser, query, kept):
    answer = browser.get(SHOP + query)
    assert ("X-Accel-Expires" in answer.headers) == kept


def test_what_the_page_knows_of_ingredients_is_what_the_shop_knows(told, browser):
    page = soup(browser.get(SHOP))
    known = json.loads(page.select_one("#ingredients").string)
    ham, cheese = (str(told.pizzeria.ingredients[code].id) for code in ("jambon", "mozzarella"))
    assert known[ham] == ["jambon", "Jambon blanc", ["vegetarian", "without_pork"], 1]
    assert known[cheese][2:] == [["milk"], 0]
    regina = page.select_one("#produit-regina")
    assert ham in regina["data-removable"].split()
    assert ham not in regina["data-fixed"].split()


def test_what_was_looked_for_still_is_when_something_was_put_in(told, browser):
    page = look(browser, filtre=["vegetarian"], sans=["gluten"])
    form = page.forms["carte"]
    added = form.submit("size", index=len(form.fields["size"]) - 1, status=303).follow()
    assert "ajouté au panier" in words(added)
    assert shown(added) == shown(page) != shown(browser.get(SHOP))

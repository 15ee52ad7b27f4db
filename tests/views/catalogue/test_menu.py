"""UC1.1: the menu and the page of a product."""

import pytest

from factories import make_pizza, stock_up
from ocpizza.models.price import HiddenProduct, RestaurantPrice
from views.pages import soup, words
from views.website import ADD, SHOP

BOTH = pytest.mark.parametrize("backend", ["postgresql", "sqlite"])


def card(page, slug: str):
    """A product's place on the menu."""
    return soup(page).select_one(f"#produit-{slug}")


def says(page, slug: str) -> str:
    return words(card(page, slug).get_text(" "))


def leave(website, code: str, quantity: int) -> None:
    """Bring the stock of an ingredient down to this."""
    pizzeria = website.pizzeria
    with website.session() as session:
        delta = quantity - pizzeria.stock_of(session, code)
        restaurant = session.merge(pizzeria.restaurant)
        stock_up(session, restaurant, {pizzeria.ingredients[code]: delta})


def test_the_menu_shows_pizzas_then_drinks_with_every_size_and_price(browser):
    page = browser.get(SHOP)
    shelves = [heading.get_text(strip=True) for heading in soup(page).select("section > h2")]
    assert shelves == ["Pizzas", "Boissons"]
    assert "Junior 26 cm 7,50 € Classique 31 cm 9,50 € Familiale 40 cm 14,90 €" in says(
        page, "margherita"
    )
    assert "33 cl 2,80 €" in says(page, "cola")


def test_the_menu_names_the_allergens_of_each_product(browser):
    page = browser.get(SHOP)
    assert "Allergènes : Gluten , Lait" in says(page, "margherita").replace(", ", " , ")
    assert "aucun des quatorze" in says(page, "cola")


def test_what_the_stock_cannot_make_is_unavailable_and_cannot_be_added(website, browser):
    leave(website, "jambon", 0)
    page = browser.get(SHOP)
    assert "Indisponible" in says(page, "regina")
    assert card(page, "regina").form is None
    assert "Indisponible" not in says(page, "margherita")
    page = browser.get(f"{SHOP}/regina")
    assert "Indisponible" in words(page)
    assert soup(page).select(f'form[action="{ADD}"]') == []


def test_a_menu_that_was_looked_at_shows_what_is_gone_since_and_what_is_back(website, browser):
    assert "Indisponible" not in says(browser.get(SHOP), "regina")
    leave(website, "jambon", 0)
    assert "Indisponible" in says(browser.get(SHOP), "regina")
    leave(website, "jambon", 100_000)
    assert "Indisponible" not in says(browser.get(SHOP), "regina")


def test_what_is_nearly_gone_says_how_many_are_left(website, browser):
    leave(website, "jambon", 3 * 60 + 59)
    assert "Il en reste 3" in says(browser.get(SHOP), "regina")
    assert "Il en reste 3" in words(browser.get(f"{SHOP}/regina"))
    assert "Il en reste" not in says(browser.get(SHOP), "margherita")


def test_a_size_that_the_stock_cannot_make_cannot_be_chosen(website, browser):
    leave(website, "jambon", 70)
    possible = [
        "disabled" not in button.attrs
        for button in card(browser.get(SHOP), "regina").select("button")
    ]
    assert possible == [True, True, False]
    choices = soup(browser.get(f"{SHOP}/regina")).select("input[name=size]")
    assert ["disabled" not in choice.attrs for choice in choices] == [True, True, False]


def test_a_product_taken_off_sale_is_unavailable(website, browser):
    with website.session() as session:
        session.merge(website.pizzeria.products["regina"]).available = False
    assert "Indisponible" in says(browser.get(SHOP), "regina")


def test_a_restaurant_has_its_own_prices_and_hides_what_it_does_not_make(website, browser):
    here, size = website.pizzeria.restaurant.id, website.pizzeria.size("margherita")
    with website.session() as session:
        session.add(RestaurantPrice(restaurant_id=here, product_size_id=size.id, price_cents=1010))
        hidden = website.pizzeria.products["regina"].id
        session.add(HiddenProduct(restaurant_id=here, product_id=hidden))
    page = browser.get(SHOP)
    assert "Classique 31 cm 10,10 €" in says(page, "margherita")
    assert card(page, "regina") is None
    browser.get(f"{SHOP}/regina", status=404)
    page = browser.get("/pizzeria/city-002")
    assert "Classique 31 cm 9,50 €" in says(page, "margherita")
    assert card(page, "regina") is not None


def test_the_product_page_shows_everything_that_soki_compares(website, browser):
    page = browser.get(f"{SHOP}/regina")
    text = words(page)
    assert "Farine (gluten) , Sauce tomate, Mozzarella (lait)".replace(" ,", ",") in text.replace(
        " ,", ","
    )
    assert "Junior 26 cm 9,00 €" in text
    assert "Œuf + 1,00 €" in text
    left_out = [box["value"] for box in soup(page).select("input[name=without]")]
    ids = website.pizzeria.ingredients
    assert left_out == [str(ids[code].id) for code in ("jambon", "champignons")]
    either = soup(page).select(f"input[name=option-{ids['mozzarella'].id}]")
    assert [box["value"] for box in either] == ["", "without", "extra"]
    assert soup(page).select_one("input[name=size][checked]")["value"] == str(
        website.pizzeria.size("regina").id
    )
    assert soup(page).select_one('img[alt="Dessin\xa0: Regina"]')["src"].startswith("/dessin/")


@BOTH
def test_a_menu_is_three_statements_at_most(website, browser):
    with website.counted() as statements:
        browser.get(SHOP)
    assert len(statements) <= 3
    browser.add()
    browser.add("regina")
    browser.get(SHOP)
    with website.counted() as statements:
        browser.get(SHOP)
    assert len(statements) <= 3


def test_a_longer_menu_is_not_more_statements(website, browser):
    with website.session() as session:
        composition = {session.merge(website.pizzeria.ingredients["farine"]): 100}
        for number in range(30):
            make_pizza(session, f"speciale-{number}", (700, 900, 1300), composition)
    with website.counted() as statements:
        page = browser.get(SHOP)
    assert len(soup(page).select("[id^=produit-speciale]")) == 30
    assert len(statements) <= 3


@pytest.mark.parametrize("path", ["/pizzeria/nulle-part", f"{SHOP}/nulle-part", f"{SHOP}/Regina"])
def test_what_nobody_sells_is_not_found(browser, path):
    browser.get(path, status=404)


def test_the_bar_counts_what_is_in_the_basket_and_what_it_comes_to(browser):
    assert "Votre panier est vide" in words(browser.get(SHOP))
    browser.add(quantity=2)
    browser.add("cola")
    bar = words(soup(browser.get(SHOP)).select_one("#basket-bar").get_text(" "))
    assert "Voir le panier , 3 articles" in bar
    assert "21,80 €" in bar
    for path in (SHOP, f"{SHOP}/regina", "/", "/suivi"):
        count = soup(browser.get(path)).select_one(".site-header #panier-compte")
        assert words(count.get_text()) == "3 articles"
        assert "hidden" not in count.attrs
    bar = words(soup(browser.get("/pizzeria/city-002")).select_one("#basket-bar").get_text(" "))
    assert "3 articles" in bar
    assert "€" not in bar


def test_one_orders_from_the_menu_what_is_in_the_basket_of_this_restaurant(browser):
    order = "#basket-bar a[href='/commande']"
    assert not soup(browser.get(SHOP)).select(order)
    browser.add()
    assert words(soup(browser.get(SHOP)).select_one(order).get_text()) == "Commander"
    assert "Récapitulatif" in words(browser.get("/commande"))
    assert not soup(browser.get("/pizzeria/city-002")).select(order)

"""B1: the basket, from the first pizza put in it to the last one taken out."""

import json

import pytest
from sqlalchemy import update

from factories import stock_up
from ocpizza.models.basket import BasketLine
from ocpizza.models.product import Product
from views.pages import form_of, notices, soup, words
from views.website import ADD, BASKET, CHANGE, SHOP

OTHER = "/pizzeria/city-002"
RESTORE = "/panier/remettre"


def press(browser, label: str) -> None:
    """Press a button of the basket by what it says, such as « Retirer Margherita »."""
    button = soup(browser.get(BASKET)).select_one(f'button[aria-label="{label}"]')
    line = button.find_parent("form").select_one("input[name=line]")["value"]
    browser.post_form(CHANGE, {"line": line, "quantity": button["value"]})


def leave(website, code: str, quantity: int, at=None) -> None:
    pizzeria = at or website.pizzeria
    with website.session() as session:
        delta = quantity - pizzeria.stock_of(session, code)
        restaurant = session.merge(pizzeria.restaurant)
        stock_up(session, restaurant, {pizzeria.ingredients[code]: delta})


def test_an_empty_basket_says_so_and_leads_to_the_menus(browser):
    page = browser.get(BASKET)
    assert "Votre panier est vide" in words(page)
    assert soup(page).select_one('main a[href="/"]') is not None


def test_a_pizza_is_one_tap_from_the_menu(website, browser):
    form = form_of(browser.get(SHOP), ADD)
    page = form.submit("size", value=str(website.pizzeria.size("margherita").id)).follow()
    assert page.request.path == SHOP
    assert notices(page) == ["Margherita : ajouté au panier."]
    assert browser.lines() == [("Margherita", 1)]


def test_the_same_pizza_again_is_one_more_of_its_line(browser):
    browser.add()
    browser.add(quantity=2)
    assert browser.lines() == [("Margherita", 3)]


def test_putting_something_more_in_is_four_statements(website, browser):
    browser.add()
    form = browser.form(f"{SHOP}/regina", f"{SHOP}/regina")
    with website.counted() as statements:
        form.submit(status=303)
    assert len(statements) <= 4, statements


def test_options_are_kept_priced_and_change_the_allergens(website, browser):
    ids = {code: each.id for code, each in website.pizzeria.ingredients.items()}
    browser.add(without=[ids["mozzarella"]], extra=[ids["oeuf"]])
    browser.add()
    page = words(browser.get(BASKET))
    assert "sans mozzarella" in page
    assert "+ œuf (1,00 €)" in page
    assert "10,50 €" in page
    assert "Allergènes : Gluten, Œufs" in page.replace(" ,", ",")
    assert browser.lines() == [("Margherita", 1), ("Margherita", 1)]


def test_quantities_go_up_and_down_and_out(browser):
    browser.add()
    browser.add("regina")
    press(browser, "Un Margherita de plus")
    press(browser, "Un Margherita de plus")
    assert browser.lines() == [("Margherita", 3), ("Regina", 1)]
    press(browser, "Un Margherita de moins")
    assert browser.lines() == [("Margherita", 2), ("Regina", 1)]
    press(browser, "Retirer Margherita")
    assert browser.lines() == [("Regina", 1)]
    press(browser, "Un Regina de moins")
    assert "Votre panier est vide" in words(browser.get(BASKET))


def test_the_total_follows_the_basket_with_the_delivery_fee(browser):
    browser.add(quantity=2)
    page = words(browser.get(BASKET))
    assert "Articles 19,00 €" in page
    assert "Livraison 2,50 €" in page
    assert "Total TTC 21,50 €" in page


def test_the_basket_is_emptied_at_once(browser):
    browser.add()
    browser.add("regina")
    form = next(form for form in browser.get(BASKET).forms.values() if "vider" in form.fields)
    page = form.submit("vider").follow()
    assert "Votre panier est vide" in words(page)


def test_a_line_removed_twice_stays_removed(browser):
    browser.add()
    browser.add("regina")
    line = soup(browser.get(BASKET)).select_one("input[name=line]")["value"]
    for _ in range(2):
        answer = browser.post_form(CHANGE, {"line": line, "quantity": "0"})
        assert answer.status_int == 303
    assert browser.lines() == [("Regina", 1)]


@pytest.mark.parametrize("quantity", ["51", "-1", "", "two", "1.5", "9" * 40, "9" * 5000])
def test_a_quantity_that_is_none_is_refused_in_words(browser, quantity):
    browser.add(quantity=2)
    line = soup(browser.get(BASKET)).select_one("input[name=line]")["value"]
    page = browser.post_form(CHANGE, {"line": line, "quantity": quantity}).follow()
    (message,) = notices(page)
    assert "%" not in message
    assert "{" not in message
    assert "not" not in message.lower()
    assert browser.lines() == [("Margherita", 2)]


def test_a_quantity_out_of_range_says_the_range(browser):
    page = browser.post_form(ADD, {"size": "1", "quantity": "51"}).follow()
    assert notices(page) == ["La quantité doit être de 1 à 50."]


def test_more_than_a_basket_holds_is_refused_and_what_was_in_it_stays(browser):
    browser.add(quantity=50)
    assert "50 articles au plus" in words(browser.add())
    assert browser.lines() == [("Margherita", 50)]


def test_more_than_the_stock_makes_puts_in_what_is_left_and_says_so(website, browser):
    leave(website, "jambon", 3 * 60)
    page = browser.add("regina", quantity=5).follow()
    assert notices(page) == ["Il ne reste que 3 Regina : votre panier en contient 3."]
    assert browser.lines() == [("Regina", 3)]


def test_what_is_gone_meanwhile_is_marked_in_the_basket(website, browser):
    browser.add("regina", quantity=2)
    browser.add()
    leave(website, "jambon", 60)
    assert "Il n’en reste que 1 : baissez la quantité." in words(browser.get(BASKET))
    leave(website, "jambon", 0)
    assert "Indisponible aujourd’hui : retirez cette ligne." in words(browser.get(BASKET))
    assert browser.lines() == [("Regina", 2), ("Margherita", 1)]


def test_what_nobody_sells_any_more_can_only_be_removed(website, browser):
    browser.add()
    browser.add("regina")
    with website.session() as session:
        session.execute(
            update(BasketLine).where(BasketLine.id == 2).values(selection="[[99,[],[]]]")
        )
    page = browser.get(BASKET)
    assert "Un article n’est plus à la carte." in words(page)
    (remove,) = (
        form
        for form in page.forms.values()
        if form.fields.get("line") and form["line"].value == "2"
    )
    remove.submit("quantity").follow()
    assert browser.lines() == [("Margherita", 1)]


def test_another_restaurants_pizza_is_offered_in_the_place_of_the_basket(browser):
    browser.add(quantity=2)
    offer = browser.add("regina", OTHER, quantity=3)
    assert offer.status_int == 409
    assert "Vider le panier et commander à OC Pizza Montparnasse" in words(offer)
    assert browser.lines() == [("Margherita", 2)]
    form_of(offer, f"{OTHER}/ajouter").submit().follow()
    assert browser.lines() == [("Regina", 3)]


def test_a_drink_alone_is_kept_but_asks_for_a_pizza(browser):
    browser.add("cola")
    assert "Une commande contient au moins une pizza." in words(browser.get(BASKET))


def test_below_the_minimum_the_basket_says_what_is_missing(website, browser):
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).minimum_order_cents = 1500
    browser.add()
    page = words(browser.get(BASKET))
    assert (
        "Plus que 5,50 € pour être livré (minimum 15,00 €) ; "
        "à emporter, c’est possible dès maintenant." in page
    )
    assert "Commander à emporter · 9,50 €" in page


def test_what_was_removed_can_be_put_back_with_all_its_options(website, browser):
    ids = {code: each.id for code, each in website.pizzeria.ingredients.items()}
    options = {"without": [ids["jambon"]], "extra": [ids["oeuf"], ids["mozzarella"]]}
    browser.add("regina", quantity=3, **options)
    before = words(soup(browser.get(BASKET)).select_one(".basket-line").get_text(" "))
    line = soup(browser.get(BASKET)).select_one("input[name=line]")["value"]
    page = browser.post_form(CHANGE, {"line": line, "quantity": "0"}).follow()
    assert "Votre panier est vide" in words(page)
    assert "Regina : retiré du panier." in words(page)
    page = form_of(page, RESTORE).submit(status=303).follow()
    assert words(soup(page).select_one(".basket-line").get_text(" ")) == before
    assert soup(page).select_one("#retire") is None


def test_what_is_put_back_twice_is_there_once_as_it_was(browser):
    browser.add("regina", quantity=3)
    browser.add()
    line = soup(browser.get(BASKET)).select_one("input[name=line]")["value"]
    page = browser.post_form(CHANGE, {"line": line, "quantity": "0"}).follow()
    form_of(page, RESTORE).submit(status=303)
    again = browser.get(page.request.url)
    assert soup(again).select_one("#retire") is None
    assert browser.lines() == [("Margherita", 1), ("Regina", 3)]


@pytest.mark.parametrize("query", ["size=999&quantity=1", "size=x", "size=1&quantity=99", "size="])
def test_an_invented_removal_is_not_offered_back(browser, query):
    browser.add()
    assert soup(browser.get(f"{BASKET}?{query}")).select_one("#retire") is None


def test_a_quantity_that_is_changed_by_htmx_is_told_with_the_total(website, browser):
    browser.add()
    line = soup(browser.get(BASKET)).select_one("input[name=line]")["value"]
    fields = {"line": line, "quantity": "3", "csrf_token": browser.token()}
    page = browser.post(CHANGE, fields, headers={"HX-Request": "true"}, status=200)
    assert words(soup(page).select_one("#annonce").get_text()) == "Quantité : 3, total 31,00 €"
    assert words(soup(page).select_one("#panier-compte").get_text()) == "3 articles"
    fields["quantity"] = "0"
    page = browser.post(CHANGE, fields, headers={"HX-Request": "true"}, status=200)
    assert "Margherita : retiré du panier." in words(soup(page).select_one("#panier").get_text(" "))
    assert form_of(page, RESTORE)["quantity"].value == "3"


def test_htmx_gets_the_bar_a_toast_and_the_token_for_the_next_post(website, browser):
    fields = {"size": str(website.pizzeria.size("margherita").id), "quantity": "2"}
    answer = browser.post(ADD, fields, headers={"HX-Request": "true"}, status=200)
    assert "<html" not in answer.text
    text = words(answer)
    assert "Voir le panier , 2 articles" in text
    assert "Margherita : ajouté au panier." in text
    token = json.loads(answer.headers["HX-Trigger"])["csrf"]
    assert token == browser.token()
    again = fields | {"csrf_token": token}
    answer = browser.post(ADD, again, headers={"HX-Request": "true"}, status=200)
    assert "4 articles" in words(answer)


def test_htmx_is_offered_the_other_restaurant_as_a_whole_page(website, browser):
    browser.add()
    size = str(website.branch.size("regina").id)
    fields = {"size": size, "quantity": "1", "csrf_token": browser.token()}
    answer = browser.post(f"{OTHER}/ajouter", fields, headers={"HX-Request": "true"})
    assert answer.headers["HX-Retarget"] == "body"
    assert "Garder mon panier" in words(answer)


def test_a_product_of_another_chain_of_thought_is_refused_and_says_so(website, browser):
    with website.session() as session:
        wrong = max(size.id for product in session.query(Product) for size in product.sizes) + 1
    page = browser.post_form(ADD, {"size": str(wrong), "quantity": "1"}).follow()
    assert notices(page) == ["Cet article n’est pas à la carte de ce restaurant."]


def test_what_cannot_be_had_does_not_take_the_place_of_the_basket(website, browser):
    browser.add(quantity=2)
    leave(website, "jambon", 0, website.branch)
    size = str(website.branch.size("regina").id)
    for fields, said in [
        ({"size": size}, "Regina est indisponible aujourd’hui."),
        ({"size": "999"}, "Cet article n’est pas à la carte de ce restaurant."),
    ]:
        sent = fields | {"quantity": "1", "replace": "1"}
        page = browser.post_form(f"{OTHER}/ajouter", sent).follow()
        assert notices(page) == [said]
        assert browser.lines() == [("Margherita", 2)]


def test_the_same_pizza_of_another_restaurant_takes_the_place_of_the_basket(browser):
    browser.add(quantity=2)
    browser.add("regina")
    offer = browser.add("margherita", OTHER)
    form_of(offer, f"{OTHER}/ajouter").submit(status=303)
    assert browser.lines() == [("Margherita", 1)]
    assert "Montparnasse" in words(browser.get(BASKET))

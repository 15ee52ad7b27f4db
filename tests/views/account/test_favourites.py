"""Favourites: kept and let go on the page of a product, found on every menu."""

import pytest
from sqlalchemy import select

from ocpizza.models.favourite import Favourite
from views.pages import form_of, notices, place, soup, words
from views.website import SHOP

PATH = "/compte/favoris"
ONLY = f"{SHOP}?filtre=favourite"


@pytest.fixture
def julia(website):
    return website.staff("customer")


def press(browser, slug: str, **fields: str):
    page = browser.get(f"{SHOP}/{slug}")
    form = form_of(page, PATH)
    return form.submit("retirer" if "retirer" in form.fields else None)


def shown(page) -> list[str]:
    cards = soup(page).select(".product:not([hidden])")
    return [card["id"].removeprefix("produit-") for card in cards]


def test_a_favourite_is_kept_found_on_every_menu_and_let_go(website, julia):
    answer = press(julia, "regina")
    assert place(answer) == f"{SHOP}/regina"
    page = answer.follow()
    assert "C’est un de vos favoris" in notices(page)[0]
    assert "Retirer de mes favoris" in words(page)
    assert shown(julia.get(ONLY)) == ["regina"]
    assert shown(julia.get("/pizzeria/city-002?filtre=favourite")) == ["regina"]
    assert soup(julia.get(SHOP)).select_one("#carte")["data-favourites"] == "regina"
    assert "n’est plus" in notices(press(julia, "regina").follow())[0]
    assert shown(julia.get(ONLY)) == []


def test_the_same_one_twice_is_one(website, julia):
    product = website.pizzeria.products["regina"].id
    for _ in range(2):
        julia.post_form(PATH, {"product": str(product)})
    with website.session() as session:
        assert [one.product_id for one in session.scalars(select(Favourite))] == [product]


@pytest.mark.parametrize("product", ["", "0", "999999", "x", "9" * 30])
def test_what_there_is_not_is_nobodys_favourite(website, julia, product):
    answer = julia.post_form(PATH, {"product": product, "suite": "//elsewhere.example"})
    assert place(answer) == "/"
    assert "n’existe plus" in notices(answer.follow())[0]


def test_whoever_is_not_signed_in_has_none_that_the_shop_knows(browser):
    page = browser.get(ONLY)
    assert shown(page) == ["margherita", "regina", "cola", "biere"]
    assert not soup(page).select("#carte[data-favourites]")
    assert browser.post_form(PATH, {"product": "1"}).status_int in (302, 303)
    assert not soup(browser.get(f"{SHOP}/regina")).select(f"form[action='{PATH}']")


def test_favourites_are_no_further_statement_of_the_menu(website, julia):
    press(julia, "regina")
    julia.get(SHOP)
    with website.counted() as with_one:
        julia.get(SHOP)
    assert sum("favourite" in statement for statement in with_one) == 1
    assert len(with_one) <= 3

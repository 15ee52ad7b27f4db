"""Parts of pages that are drawn once: whoever had them drawn, others see what they saw before."""

import pytest

from ocpizza.models.order_status import Status
from ocpizza.models.product import ProductSize
from security.test_roles import path_of
from views.website import SHOP

# The shop's pages, each with a header and a footer of its own restaurant or of none.
ROUTES = ("home", "menu", "product", "allergens", "basket", "sign_in", "find_order")
WISHES = ("", "?filtre=spicy", "?sans=milk", "?recherche=regina")


@pytest.fixture
def visitors(website):
    """A stranger, somebody with a basket, a customer with a favourite, a colleague."""
    with_basket, customer = website.browser(), website.staff("customer")
    with_basket.add()
    customer.form("/pizzeria/city-001/margherita", "/compte/favoris").submit()
    for browser in (with_basket, customer):
        browser.get("/")  # reads what is said once
    return [website.browser(), with_basket, customer, website.staff("manager")]


@pytest.mark.parametrize("route", ROUTES)
def test_everybody_sees_what_they_see_where_nothing_was_kept(website, visitors, route):
    path = path_of(website, route, website.order(Status.READY))
    asked = [
        (visitor, f"{path}{wishes}", {"Accept-Language": language})
        for wishes in (WISHES if route == "menu" else [""])
        for visitor in visitors
        for language in ("fr", "en")
    ]

    def see(visitor, path, headers) -> str:
        website.application.registry["kept_pages"].__init__()
        return visitor.get(path, headers=headers).text

    def see_anew(*ask) -> str:
        website.application.registry["kept_parts"].clear()
        return see(*ask)

    anew = [see_anew(*ask) for ask in asked]
    website.application.registry["kept_parts"].clear()
    for _ in range(2):
        assert [see(*ask) for ask in asked] == anew


class Emptied(dict):
    """What another thread empties as soon as anybody has looked for something, or put it there."""

    def __contains__(self, key: object) -> bool:
        there = super().__contains__(key)
        self.clear()
        return there

    def __setitem__(self, key: object, value: object) -> None:
        super().__setitem__(key, value)
        self.clear()


@pytest.mark.parametrize("kept", ["kept_parts", "menu_shelves", "menu_cards"])
def test_what_another_thread_has_thrown_away_is_shown_all_the_same(website, monkeypatch, kept):
    registry = website.application.registry
    browser = website.browser()
    before = browser.get(SHOP).text
    monkeypatch.setitem(registry, kept, Emptied(registry[kept]))
    for _ in range(2):
        registry["kept_pages"].__init__()
        assert browser.get(SHOP).text == before


def test_a_change_of_prices_draws_no_part_anew(website):
    browser = website.browser()
    browser.add()
    browser.get(SHOP)  # reads what is said once
    browser.get(SHOP)
    parts = dict(website.application.registry["kept_parts"])
    with website.session() as session:
        for size in session.query(ProductSize):
            size.price_cents += 100
    browser.get(SHOP)
    assert website.application.registry["kept_parts"] == parts

"""Prices of products, as managers see and change them; what a basket under way is told."""

from datetime import UTC, datetime, timedelta

import pytest

from ocpizza.domain.hours import business_day, span
from ocpizza.services.catalogue.price_changes import make_due_changes
from views.pages import form_of, notices, place, soup, words
from views.website import HERE, SHOP

PRODUCT = f"/equipe/{HERE}/produits/margherita"
PRICES = f"{PRODUCT}/prix"


def in_days(days: int) -> str:
    return (business_day(datetime.now(UTC)) + timedelta(days=days)).isoformat()


def set_price(website, browser, typed: str, page=None, size="medium", **fields: str):
    form = form_of(page or browser.get(PRICES), PRICES)
    form["size_id"] = str(website.pizzeria.size("margherita", size).id)
    form["price_cents"] = typed
    for name, value in fields.items():
        form[name] = value
    return form.submit(expect_errors=True)


def shop_price(website) -> str:
    card = soup(website.browser().get(f"{SHOP}/margherita"))
    return words(card.get_text(" "))


def test_the_group_changes_a_price_for_all_and_the_menu_follows(website):
    group = website.staff("direction")
    answer = set_price(website, group, "10,50")
    assert place(answer) == PRICES
    page = answer.follow()
    assert notices(page) == ["Le prix est enregistré."]
    assert "groupe : 10,50 €" in words(page)
    assert "10,50 €" in shop_price(website)
    said = words(group.get(f"/equipe/{HERE}/journal?quoi=product"))
    assert "Margherita, Classique 31 cm" in said
    assert "Prix du groupe avant : 9,50 € après : 10,50 €" in said


def test_a_restaurants_manager_sets_an_own_price_and_gives_it_up(website):
    manager = website.staff("manager")
    page = set_price(website, manager, "11").follow()
    assert "ici : 11,00 €" in words(page)
    assert "groupe : 9,50 €" in words(page)
    page = form_of(page, f"{PRICES}/du-groupe").submit().follow()
    assert notices(page) == ["Le prix du groupe s’applique de nouveau ici."]
    assert "ici : 11,00 €" not in words(page)
    answer = manager.post_form(PRICES, {"place": "group", "size_id": "1", "price_cents": "1"})
    assert answer.status_int == 422


def test_a_price_with_a_start_date_is_shown_as_coming_and_can_be_called_off(website):
    group = website.staff("direction")
    page = set_price(website, group, "12", starts_on=in_days(3)).follow()
    assert notices(page) == ["Le changement de prix est prévu."]
    assert "Classique 31 cm : 12,00 € groupe, à partir du" in words(page)
    assert "12,00 €" not in shop_price(website)
    again = set_price(website, group, "13", starts_on=in_days(3))
    assert again.status_int == 422
    assert "Un prix est déjà prévu ce jour-là" in words(again)
    manager = website.staff("manager").get(PRICES)
    assert not soup(manager).select(f'form[action="{PRICES}/annuler"]')
    form = form_of(page, f"{PRICES}/annuler")
    assert notices(form.submit().follow()) == ["Le changement de prix est annulé."]
    gone = form.submit().follow()
    assert notices(gone) == ["Ce changement de prix a déjà eu lieu ou a été annulé."]


def test_a_price_to_come_begins_with_its_business_day(website):
    set_price(website, website.staff("direction"), "12", starts_on=in_days(3))
    starts = span(datetime.fromisoformat(in_days(3)).date())[0]
    with website.session() as session:
        assert make_due_changes(session, starts - timedelta(seconds=1)) == 0
        assert make_due_changes(session, starts) == 1
    assert "12,00 €" in shop_price(website)


def test_a_basket_under_way_is_told_of_another_price_before_it_is_ordered(website, browser):
    browser.add()
    browser.give_details()
    form = browser.payment_form()
    set_price(website, website.staff("direction"), "10,50")
    page = form.submit(expect_errors=True)
    page = page.follow() if page.status_int == 303 else page
    assert "10,50 €" in words(page)
    assert "total" in " ".join(notices(page) or [words(page)]).lower()


def test_two_who_change_a_price_are_told_of_each_other(website):
    group = website.staff("direction")
    both = [group.get(PRICES) for _ in range(2)]
    assert set_price(website, group, "10", both[0]).status_int == 303
    page = set_price(website, group, "11", both[1])
    assert page.status_int == 422
    assert "modifié entre-temps" in words(page)
    assert "groupe : 10,00 €" in words(page)
    assert form_of(page, PRICES)["price_cents"].value == "11"
    assert form_of(page, PRICES).submit().status_int == 303


@pytest.mark.parametrize(
    "fields",
    [
        {"price_cents": ""},
        {"price_cents": "x"},
        {"price_cents": "500,01"},
        {"starts_on": "2020-01-01"},
        {"starts_on": "2999-01-01"},
        {"starts_on": "demain"},
    ],
)
def test_what_is_no_price_says_so_and_keeps_what_was_typed(website, fields):
    page = set_price(website, website.staff("direction"), fields.pop("price_cents", "12"), **fields)
    assert page.status_int == 422
    assert soup(page).select_one(".error-summary li")
    assert soup(page).select_one(".field-error")


def test_a_product_hidden_here_leaves_the_menu_and_the_baskets_say_so(website, browser):
    browser.add()
    manager = website.staff("manager")
    form = form_of(manager.get(PRODUCT), f"{PRODUCT}/vente")
    page = form.submit("cacher").follow()
    assert notices(page) == ["Margherita n’est plus vendu ici."]
    website.browser().get(f"{SHOP}/margherita", status=404)
    website.browser().get("/pizzeria/city-002/margherita")
    assert "plus" in words(browser.get("/panier"))
    page = form_of(page, f"{PRODUCT}/vente").submit("vendre").follow()
    assert "En vente ici" in words(page)
    website.browser().get(f"{SHOP}/margherita")
    said = words(manager.get(f"/equipe/{HERE}/journal"))
    assert "Vendu ici avant : oui après : non" in said

"""UC3.1: a customer sees their orders and has the same again, without losing a basket unasked."""

import pytest

from ocpizza.models.order_status import Status
from ocpizza.models.product import ProductSize
from views.pages import designed, form_of, notices, place, soup, words
from views.website import BASKET

ORDERS = "/compte/commandes"


def tracking(order) -> str:
    return f"/suivi/{order.tracking_token}"


def again_path(order) -> str:
    return f"{ORDERS}/{order.number}/recommander"


def order_again(browser, order):
    return form_of(browser.get(ORDERS), again_path(order)).submit(expect_errors=True)


def test_an_empty_history_says_so(customer):
    page = customer.get(ORDERS)
    assert "L’historique est vide" in words(page)
    assert not soup(page).select(".past-order")


def test_the_account_page_leads_to_it(customer):
    assert soup(customer.get("/compte")).select(f'a[href="{ORDERS}"]')


def test_it_shows_what_when_where_for_how_much_and_the_page_of_the_order(
    website, customer, own_order
):
    order = own_order(minutes_ago=60)
    website.order()  # somebody else's
    (shown,) = soup(customer.get(ORDERS)).select(".past-order")
    said = words(shown.get_text(" "))
    parts = (
        order.number,
        "OC Pizza République",
        "1 × Margherita",
        "12,00 €",
        "Livrée, bon appétit",
    )
    for part in parts:
        assert part in said
    assert str(order.placed_at.year) in said
    assert shown.select("img.picture")
    assert shown.select_one("h2 a")["href"] == tracking(order)
    assert order.number in words(customer.get(tracking(order)))


def test_an_order_placed_while_signed_in_is_in_the_history(website, customer):
    customer.add()
    customer.order()
    assert len(soup(customer.get(ORDERS)).select(".past-order")) == 1


def test_a_colleague_who_orders_in_the_shop_is_a_guest(website):
    driver = website.staff("driver")
    driver.add()
    driver.order()
    assert "L’historique est vide" in words(driver.get(ORDERS))


def test_a_long_history_has_pages(customer, own_order):
    orders = [own_order(minutes_ago=100 - n) for n in range(12)]
    first = customer.get(ORDERS)
    assert len(soup(first).select(".past-order")) == 10
    assert orders[-1].number in words(first)
    assert "Plus récentes" not in words(first)
    second = first.click("Plus anciennes")
    assert len(soup(second).select(".past-order")) == 2
    assert orders[0].number in words(second)
    assert "Plus anciennes" not in words(second)
    assert orders[-1].number in words(second.click("Plus récentes"))


@pytest.mark.parametrize("way", ["avant", "apres"])
@pytest.mark.parametrize("number", ["-1", "0", "x", "9" * 50, "1e3", "", "٢", "\0", "K7QM-2F9X"])
def test_a_page_that_is_none_is_the_first(customer, own_order, way, number):
    order = own_order()
    assert order.number in words(customer.get(ORDERS, {way: number}))


def test_the_same_again_is_one_click(customer, own_order):
    order = own_order()
    page = order_again(customer, order).follow()
    assert customer.lines() == [("Margherita", 1)]
    assert notices(page) == [
        f"La commande {order.number} est de nouveau dans votre panier, au même prix."
    ]


def test_what_has_changed_is_said(website, customer, own_order):
    select = website.pizzeria.select
    lines = [(select("margherita"), 2), (select("regina"), 1), (select("cola"), 1)]
    order = own_order(lines=lines)
    with website.session() as session:
        session.get_one(ProductSize, website.pizzeria.size("margherita").id).price_cents += 100
        session.get_one(
            type(website.pizzeria.products["regina"]), product_id(website)
        ).available = False
    page = order_again(customer, order)
    assert page.status_int == 200
    said = words(page)
    assert "Prix unitaire : 9,50 € → 10,50 €" in said
    assert "Regina Classique 31 cm Indisponible aujourd’hui." in said
    assert "Cola" not in [words(found.get_text()) for found in soup(page).select(".differences h2")]
    assert "Total des articles : 33,30 € → 23,80 €" in said
    assert customer.lines() == [("Margherita", 2), ("Cola 33 cl", 1)]


def product_id(website) -> int:
    return website.pizzeria.products["regina"].id


def test_a_basket_in_use_is_kept_until_its_owner_says_otherwise(customer, own_order):
    order = own_order()
    customer.add("regina")
    asked = order_again(customer, order)
    assert asked.status_int == 409
    assert designed(asked)
    assert customer.lines() == [("Regina", 1)]
    answer = form_of(asked, again_path(order)).submit()
    assert place(answer) == BASKET
    assert customer.lines() == [("Margherita", 1)]


def test_a_change_under_way_comes_first(customer, own_order):
    order, running = own_order(), own_order(Status.TO_PREPARE)
    form_of(customer.get(tracking(running)), f"{tracking(running)}/modifier").submit(status=303)
    page = order_again(customer, order).follow()
    assert "terminez ou abandonnez d’abord cette modification" in notices(page)[0]
    assert f"Vous modifiez la commande {running.number}." in words(page)


def test_a_restaurant_that_is_no_more_is_said(website, customer, own_order):
    order = own_order()
    with website.session() as session:
        session.get_one(type(website.pizzeria.restaurant), order.restaurant_id).active = False
    page = order_again(customer, order).follow()
    assert notices(page) == ["Ce restaurant ne prend plus de commandes en ligne."]


def test_the_order_of_somebody_else_cannot_be_had_again(website, customer):
    answer = customer.post_form(again_path(website.order()), {})
    assert answer.status_int == 404
    assert designed(answer)


def test_the_history_is_a_bounded_number_of_statements(website, customer, own_order):
    for n in range(3):
        own_order(minutes_ago=n)
    with website.counted() as statements:
        customer.get(ORDERS)
    assert len(statements) <= 8

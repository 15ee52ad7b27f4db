"""UC1.2 from the first page to the summary, and orders that are sent more than once."""

import re
from datetime import UTC, datetime
from itertools import product

import pytest
from sqlalchemy import func, select

from ocpizza.models.order import Order
from ocpizza.models.stock import StockMovement
from ocpizza.models.vat import Mode
from views.pages import form_of, notices, place, soup, words
from views.website import ADD, BASKET, CHECKOUT, SHOP, choose

BOTH = pytest.mark.parametrize("backend", ["postgresql", "sqlite"])


def orders(website) -> list[Order]:
    with website.session() as session:
        return list(session.scalars(select(Order)))


@BOTH
def test_stanley_orders_from_the_first_page_to_the_door(website, browser, add_up):
    ids = website.pizzeria.ingredients
    page = browser.get("/", {"code_postal": "75011"})
    page = page.click(href=f"{SHOP}$", index=0)
    form_of(page, ADD).submit("size", value=str(website.pizzeria.size("margherita").id))
    family = website.pizzeria.size("regina", "family").id
    form = browser.form(f"{SHOP}/regina", f"{SHOP}/regina")
    form["size"], form["quantity"] = str(family), "2"
    choose(form, without=[ids["jambon"].id], extra=[ids["oeuf"].id])
    form.submit(status=303)
    browser.add("biere")
    assert browser.lines() == [("Margherita", 1), ("Regina", 2), ("Bière 33 cl", 1)]
    page = browser.order(means="card_terminal", email="stanley@example.org", comment="Code 12B")
    text = words(page)
    assert "Commande reçue" in text
    assert "2 × Regina Familiale 40 cm 38,40 € sans jambon + œuf" in text
    assert "Bière 33 cl 33 cl 4,20 €" in text
    assert "Total TTC 54,60 €" in text
    assert "dont TVA 10 %" in text
    assert "dont TVA 20 %" in text
    assert "Carte bancaire, au livreur" in text
    assert "12 rue Oberkampf 75011 Paris" in text
    assert "Code 12B" in text
    (order,) = orders(website)
    assert order.number in text
    assert browser.lines() == []
    with website.session() as session:
        taken = dict(
            session.execute(
                select(StockMovement.ingredient_id, StockMovement.delta).where(
                    StockMovement.order_id == order.id
                )
            ).all()
        )
    assert ids["jambon"].id not in taken
    assert taken[ids["oeuf"].id] == -4  # one egg at 170 %, rounded up, twice
    add_up(website.engine)


def test_the_vat_by_rate_adds_up_to_what_the_lines_say(website, browser):
    browser.add(quantity=2)
    browser.add("cola", quantity=3)
    browser.add("biere")
    page = browser.order(mode="takeaway")
    vat = {
        row.dt.get_text(): row.dd.get_text() for row in soup(page).select("dl.vat div, .vat > div")
    }
    vat = {words(rate): words(amount) for rate, amount in vat.items()}
    assert vat == {"dont TVA 5,5 %": "0,44 €", "dont TVA 10 %": "1,73 €", "dont TVA 20 %": "0,70 €"}
    assert "au comptoir" in words(page)


@BOTH
def test_one_knows_when_it_will_be_there_before_one_orders(website, browser):
    browser.add()
    for path in (SHOP, CHECKOUT):
        text = words(browser.get(path))
        assert re.search(r"Chez vous vers \d+ h \d\d", text)
        assert re.search(r"Prête vers \d+ h \d\d", text)
    with website.session() as session:
        session.merge(website.pizzeria.restaurant).paused_until = datetime(2100, 1, 1, tzinfo=UTC)
    assert "vers" not in words(soup(browser.get(SHOP)).select_one(".page-header").get_text(" "))


def test_an_order_is_nineteen_statements_at_most(website, browser):
    browser.add()
    browser.add("regina", quantity=2)
    browser.add("cola")
    browser.give_details()
    form = browser.payment_form()
    with website.counted() as statements:
        form.submit(status=303)
    assert len(statements) <= 19, statements


@BOTH
def test_the_same_form_sent_twice_is_one_order(website, browser, add_up):
    browser.add()
    browser.give_details()
    form = browser.payment_form()
    first, second = form.submit(status=303), form.submit(status=303)
    assert place(first) == place(second)
    assert len(orders(website)) == 1
    add_up(website.engine)


def test_the_old_form_after_going_back_is_the_same_order(website, browser):
    browser.add()
    browser.give_details()
    form = browser.payment_form()
    tracking = form.submit(status=303)
    browser.add("regina", quantity=2)
    assert place(form.submit(status=303)) == place(tracking)
    assert len(orders(website)) == 1
    assert browser.lines() == [("Regina", 2)]


def test_details_are_known_for_the_next_order(website, browser):
    browser.add()
    browser.order(means="cash")
    browser.add("regina")
    form = browser.form(CHECKOUT, CHECKOUT)
    assert form["contact_name"].value == "Stanley Martin"
    browser.payment_form().submit(status=303)
    assert len(orders(website)) == 2


def test_somebody_else_cannot_place_my_order(website, browser):
    browser.add()
    browser.give_details()
    key = browser.payment_form()["key"].value
    thief = website.browser()
    thief.add("regina")
    fields = {"key": key, "means": "cash", "accept": "y", "total_delivery": "1200"}
    thief.post_form(CHECKOUT, fields)
    assert orders(website) == []
    assert browser.lines() == [("Margherita", 1)]


def forty_lines(website, browser) -> None:
    """Fill a basket with forty different lines."""
    ids = {code: str(each.id) for code, each in website.pizzeria.ingredients.items()}
    toppings = ("mozzarella", "jambon", "champignons")
    for size in ("junior", "medium", "family"):
        for without in product([True, False], repeat=3):
            for extra in ([], [("extra", ids["oeuf"])]):
                left_out = [
                    ("without", ids[code])
                    for code, out in zip(toppings, without, strict=True)
                    if out
                ]
                chosen = ("size", str(website.pizzeria.size("regina", size).id))
                browser.post_form(ADD, [chosen, ("quantity", "1"), *left_out, *extra])


def test_forty_lines_survive_every_error(website, browser, monkeypatch):
    monkeypatch.setitem(website.application.registry.settings, "orders.unpaid_pizzas", 41)
    monkeypatch.setitem(website.application.registry.settings, "orders.unpaid_cents", 100_000)
    forty_lines(website, browser)
    browser.add("cola")
    full = browser.lines()
    assert len(full) >= 40
    browser.post_form(ADD, {"size": "nonsense", "quantity": "1"})
    browser.post_form(ADD, {"size": "99999", "quantity": "1"})
    browser.post_form(CHANGE_URL, {"line": "1", "quantity": "1000"})
    browser.post_form(CHANGE_URL, {"line": "nonsense"})
    browser.post(CHANGE_URL, {"vider": "1"}, status=400)
    browser.add("regina", "/pizzeria/city-002")
    browser.give_details(postcode="13001")
    browser.get("/nulle-part", status=404)
    browser.give_details()
    form = browser.payment_form()
    form["total_delivery"].force_value("1")
    form.submit(status=303)
    browser.post_form(CHECKOUT, {"means": "gold"})
    assert browser.lines() == full
    page = browser.order()
    assert len(orders(website)) == 1
    assert notices(page) == []


CHANGE_URL = f"{BASKET}/modifier"


def test_an_order_to_collect_has_no_delivery_in_its_steps(website, browser):
    browser.add()
    page = browser.order(mode="takeaway")
    steps = [words(step.get_text(" ")) for step in soup(page).select("ol.timeline li")]
    assert not any("livraison" in step for step in steps)
    assert orders(website)[0].mode is Mode.TAKEAWAY


def test_every_order_has_a_number_and_a_link_that_nobody_can_guess(website, browser):
    for _ in range(3):
        browser.add()
        browser.order()
    placed = orders(website)
    assert len({order.number for order in placed}) == 3
    assert all(len(order.tracking_token) == 43 for order in placed)


def test_the_database_counts_one_movement_an_ingredient(website, browser):
    browser.add(quantity=2)
    browser.order()
    with website.session() as session:
        count = session.scalar(
            select(func.count(StockMovement.id)).where(StockMovement.order_id.is_not(None))
        )
    assert count == 3

"""B5 for staff, and changes of status that no button of ours asks for."""

import pytest

from factories import NOON, make_account
from ocpizza.models.order import Order
from ocpizza.models.order_revision import EventKind, OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from views.pages import designed, form_of, notices, soup, words
from views.website import ELSEWHERE, HERE


def path_of(order, code: str = HERE) -> str:
    return f"/equipe/{code}/commandes/{order.number}"


def test_an_order_shows_everything_with_its_history(website):
    order = website.order(
        Status.OUT_FOR_DELIVERY, email="stanley@example.org", comment="Sonnez deux fois"
    )
    text = words(website.staff("manager").get(path_of(order)))
    for said in (
        order.number,
        "1 Margherita Classique 31 cm",
        "Stanley Martin · 06 12 34 56 78 · stanley@example.org",
        "12 rue Oberkampf 75011 Paris",
        "« Sonnez deux fois »",
        "Total TTC 12,00 €",
        "À encaisser : 12,00 € Espèces",
    ):
        assert said in text
    history = text[text.index("Historique") :]
    steps = [
        "Commande à réaliser · Internet",
        "Commande prise en charge · Pizzaiolo Lombard (Pizzaïolo)",
        "Commande en préparation · Pizzaiolo Lombard (Pizzaïolo)",
        "Commande prête · Pizzaiolo Lombard (Pizzaïolo)",
        "Commande en livraison · Driver Lombard (Livreur)",
    ]
    places = [history.index(step) for step in steps]
    assert places == sorted(places)


@pytest.mark.parametrize("kind", list(EventKind))
def test_whoever_did_something_is_named_even_where_their_role_was_not_kept(website, kind):
    order = website.order()
    status = Status.ACCEPTED if kind is EventKind.STATUS else None
    note = {EventKind.PAYMENT: "captured", EventKind.NOTE: "confirmed_by_phone"}.get(kind, "")
    with website.session() as session:
        author = make_account(session, first_name="Ada", last_name="Noël")
        event = {"order_id": order.id, "kind": kind, "status": status, "note": note, "at": NOON}
        if kind is EventKind.UNDONE:
            event["undoes_id"] = session.get_one(Order, order.id).events[0].id
        session.add(OrderEvent(author_id=author.id, **event))
    history = words(website.staff("manager").get(path_of(order))).partition("Historique")[2]
    assert "· Ada Noël" in history
    assert "Ada Noël (" not in history


def test_the_number_may_be_typed_without_its_dash(website):
    order = website.order()
    path = f"/equipe/{HERE}/commandes/{order.number.replace('-', '').lower()}"
    assert order.number in words(website.staff("cashier").get(path))


@pytest.mark.parametrize("who", ["cashier", "pizzaiolo", "driver", "manager", "direction"])
def test_an_order_of_another_restaurant_is_not_found_here(website, who):
    order = website.order(at=website.branch)
    browser = website.staff(who)
    assert designed(browser.get(path_of(order), status=404))
    fields = {"before": "to_prepare", "after": "accepted"}
    assert browser.post_form(f"{path_of(order)}/statut", fields).status_int == 404
    expected = 200 if who == "direction" else 403
    assert browser.get(path_of(order, ELSEWHERE), expect_errors=True).status_int == expected


def test_unknown_orders_and_restaurants_are_not_found(website):
    browser = website.staff("direction")
    browser.get(f"/equipe/{HERE}/commandes/ABCD-2345", status=404)
    browser.get("/equipe/city_999/cuisine", status=404)


def test_strangers_do_not_learn_which_pages_exist(browser):
    for path in ("/equipe/city_999/cuisine", f"/equipe/{HERE}/commandes/ABCD-2345"):
        assert browser.get(path).status_int == 303


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"before": "to_prepare"},
        {"after": "accepted"},
        {"before": "nonsense", "after": "accepted"},
        {"before": "to_prepare", "after": "nonsense"},
        {"before": "to_prepare", "after": "cancelled"},
        {"before": "to_prepare", "after": "not_delivered"},
        {"before": "ready", "after": "delivered", "means": "gold"},
        {"before": "ready", "after": "delivered", "means": "online_card"},
        {"before": "\x00", "after": "🍕" * 5000},
    ],
    ids=str,
)
def test_a_change_that_makes_no_sense_is_refused(website, add_up, fields):
    order = website.order()
    answer = website.staff("manager").post_form(f"{path_of(order)}/statut", fields)
    assert answer.status_int == 400
    assert designed(answer)
    assert website.look_at(order).status is Status.TO_PREPARE
    add_up(website.engine)


@pytest.mark.parametrize(
    ("before", "after"),
    [("to_prepare", "ready"), ("to_prepare", "delivered"), ("to_prepare", "to_prepare")],
)
def test_a_status_is_never_skipped(website, add_up, before, after):
    order = website.order()
    answer = website.staff("manager").post_form(
        f"{path_of(order)}/statut", {"before": before, "after": after}
    )
    assert notices(answer.follow()) == ["Ce changement de statut ne vous est pas ouvert."]
    assert website.look_at(order).status is Status.TO_PREPARE
    add_up(website.engine)


def test_a_status_is_never_set_twice(website, add_up):
    order = website.order()
    browser = website.staff("pizzaiolo")
    fields = {"before": "to_prepare", "after": "accepted", "board": "kitchen"}
    browser.post_form(f"{path_of(order)}/statut", fields).follow()
    answer = browser.post_form(f"{path_of(order)}/statut", fields).follow()
    assert notices(answer)[0].startswith("Trop tard")
    add_up(website.engine)


def test_an_invented_board_leads_back_to_the_order(website):
    order = website.order()
    fields = {"before": "to_prepare", "after": "accepted", "board": "//evil.example"}
    answer = website.staff("pizzaiolo").post_form(f"{path_of(order)}/statut", fields)
    assert answer.follow().request.path == path_of(order)


def test_the_page_of_an_order_offers_only_what_may_come_next(website):
    order = website.order(Status.READY, mode=Mode.TAKEAWAY)
    page = website.staff("cashier").get(path_of(order))
    form = form_of(page, f"{path_of(order)}/statut")
    assert (form["before"].value, form["after"].value) == ("ready", "delivered")
    page = website.staff("pizzaiolo").get(path_of(order))
    assert soup(page).select(f'form[action="{path_of(order)}/statut"]') == []


@pytest.mark.parametrize("backend", ["postgresql", "sqlite"])
def test_the_page_of_an_order_is_fifteen_statements_at_most(website):
    select = website.pizzeria.select
    lines = [(select("margherita", size, extras=["oeuf"]), 1) for size in ("junior", "family")]
    order = website.order(Status.OUT_FOR_DELIVERY, lines=[*lines, (select("regina"), 2)])
    browser = website.staff("manager")
    with website.counted() as statements:
        browser.get(path_of(order))
    assert len(statements) <= 15, statements

"""UC1.3: a customer, or a colleague for them, changes an order in its own basket."""

import pytest

from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.queries import load_order
from views.pages import form_of, notices, place, soup, words
from views.website import BASKET, CHANGE, CHECKOUT, ELSEWHERE, HERE, SHOP

ADDRESS, CONFIRM, GIVE_UP = (
    "/modification/livraison",
    "/modification/recapitulatif",
    "/modification/abandonner",
)
EMPTY = "Les champs sont vides, veuillez saisir les informations de livraison pour cette commande"
LAST_PIZZA = (
    "Votre commande ne peut pas comporter aucune pizza. Veuillez ajouter une autre pizza pour "
    "supprimer celle de votre choix ou annuler votre commande"
)


def tracking(order) -> str:
    return f"/suivi/{order.tracking_token}"


def start(browser, order):
    """Begin to change an order from its tracking page; the answer is its basket."""
    form = form_of(browser.get(tracking(order)), f"{tracking(order)}/modifier")
    return form.submit(status=303).follow()


def confirm(browser, **address):
    """Go through address and summary; the answer is what follows."""
    form = browser.form(ADDRESS, ADDRESS)
    for name, value in address.items():
        form[name] = value
    summary = form.submit(status=303).follow()
    return form_of(summary, CONFIRM).submit(status=303).follow()


def lines_of(website, order) -> list[tuple[str, int]]:
    with website.session() as session:
        lines = load_order(session, order.id).revision.lines
        return [(line.name, line.quantity) for line in lines]


def test_a_customer_adds_a_pizza_and_changes_the_address(website, browser, add_up):
    order = website.order()
    page = start(browser, order)
    assert f"Vous modifiez la commande {order.number}." in words(page)
    browser.add("regina")
    # It is not a new order that is made of it.
    bar = soup(browser.get(SHOP)).select("#basket-bar a")
    assert [link["href"] for link in bar] == [BASKET]
    done = confirm(browser, street="8 rue Amelot")
    assert place_of(done) == tracking(order)
    assert notices(done) == [f"Votre commande {order.number} est modifiée."]
    text = words(done)
    assert "1 × Regina" in text
    assert "8 rue Amelot" in text
    assert lines_of(website, order) == [("Margherita", 1), ("Regina", 1)]
    assert "Vous modifiez" not in words(browser.get(SHOP))
    add_up(website.engine)


def test_a_page_of_another_order_leaves_the_details_of_a_change_alone(website, browser):
    """The checkout stood open in another tab; it is not sent for the order that is changed."""
    order = website.order()
    browser.add()
    browser.give_details()
    stale = browser.payment_form()
    stale["mode"], stale["contact_name"] = "takeaway", "Somebody Else"
    start(browser, order)
    stale.submit(status=303)
    confirm(browser, street="8 rue Amelot")
    with website.session() as session:
        revision = load_order(session, order.id).revision
        assert (revision.number, revision.street) == (2, "8 rue Amelot")


def place_of(page) -> str:
    return page.request.path


def test_the_summary_says_the_difference_before_it_is_confirmed(website, browser):
    order = website.order()
    start(browser, order)
    browser.add("regina")
    browser.form(ADDRESS, ADDRESS).submit()
    text = words(browser.get(CONFIRM))
    assert "11,50 € de plus qu’avant. À régler au livreur ·" in text
    assert "Commande avec obligation de paiement · 23,50 €" in text


def test_the_basket_of_before_comes_back_after_a_change(website, browser):
    order = website.order()
    browser.add("regina", quantity=3)
    start(browser, order)
    assert browser.lines() == [("Margherita", 1)]
    confirm(browser)
    assert browser.lines() == [("Regina", 3)]


def test_giving_up_leaves_the_order_as_it_was_and_the_basket_comes_back(website, browser):
    order = website.order()
    browser.add("regina")
    start(browser, order)
    browser.add("regina", quantity=5)
    left = browser.post_form(GIVE_UP).follow()
    assert place_of(left) == tracking(order)
    assert notices(left) == ["Votre commande reste comme elle était."]
    assert lines_of(website, order) == [("Margherita", 1)]
    assert browser.lines() == [("Regina", 1)]


def test_the_last_pizza_cannot_be_removed(website, browser):
    order = website.order()
    page = start(browser, order)
    line = soup(page).select_one("input[name=line]")["value"]
    answer = browser.post_form(CHANGE, {"line": line, "quantity": "0"}).follow()
    assert notices(answer) == [LAST_PIZZA]
    assert browser.lines() == [("Margherita", 1)]
    browser.post_form(CHANGE, {"vider": "1"})
    assert browser.lines() == [("Margherita", 1)]
    browser.add("regina")
    browser.post_form(CHANGE, {"line": line, "quantity": "0"})
    assert browser.lines() == [("Regina", 1)]


def test_an_emptied_address_is_refused(website, browser):
    start(browser, website.order())
    form = browser.form(ADDRESS, ADDRESS)
    for field in ("street", "postcode", "town"):
        form[field] = ""
    answer = form.submit(status=422)
    assert EMPTY in words(answer)
    assert "Indiquez le code postal." in words(answer)


def test_an_address_that_is_not_served_is_said_at_the_field(website, browser):
    start(browser, website.order())
    form = browser.form(ADDRESS, ADDRESS)
    form["postcode"] = "13001"
    assert "ne livre pas le 13001" in words(form.submit(status=422))


def test_what_is_fetched_has_no_address_to_change(website, browser, add_up):
    order = website.order(mode=Mode.TAKEAWAY)
    start(browser, order)
    assert not soup(browser.get(ADDRESS)).select("[name=street]")
    confirm(browser, comment="Bien cuite")
    assert website.look_at(order).mode is Mode.TAKEAWAY
    add_up(website.engine)


def test_a_change_that_the_kitchen_overtakes_is_refused_and_said(website, browser, add_up):
    order = website.order(Status.ACCEPTED)
    start(browser, order)
    browser.add("regina")
    browser.form(ADDRESS, ADDRESS).submit()
    form = browser.form(CONFIRM, CONFIRM)
    fields = {"before": "accepted", "after": "preparing"}
    website.staff("pizzaiolo").post_form(f"/equipe/{HERE}/commandes/{order.number}/statut", fields)
    answer = form.submit(status=303).follow()
    assert place_of(answer) == tracking(order)
    assert "elle ne peut plus être modifiée" in notices(answer)[0]
    assert lines_of(website, order) == [("Margherita", 1)]
    assert browser.lines() == []
    add_up(website.engine)


@pytest.mark.parametrize("status", [Status.PREPARING, Status.DELIVERED, Status.CANCELLED])
def test_what_cannot_be_changed_offers_no_change(website, browser, status):
    order = website.order(Status.TO_PREPARE if status is Status.CANCELLED else status)
    if status is Status.CANCELLED:
        browser.post_form(f"{tracking(order)}/annuler")
    assert "Modifier ma commande" not in words(browser.get(tracking(order)))
    answer = browser.post_form(f"{tracking(order)}/modifier").follow()
    assert "elle ne peut plus être modifiée" in notices(answer)[-1]


def test_the_same_confirmation_sent_twice_changes_once(website, browser, add_up):
    order = website.order()
    start(browser, order)
    browser.add("regina")
    browser.form(ADDRESS, ADDRESS).submit()
    form = browser.form(CONFIRM, CONFIRM)
    for _ in range(2):
        assert place(form.submit(status=303)) == tracking(order)
    assert lines_of(website, order) == [("Margherita", 1), ("Regina", 1)]
    add_up(website.engine)


def test_a_change_stays_in_its_restaurant(website, browser):
    order = website.order()
    start(browser, order)
    answer = browser.add("regina", shop="/pizzeria/city-002")
    assert answer.status_int == 422
    assert "Une commande reste dans son restaurant." in words(answer)
    form = browser.form("/pizzeria/city-002/regina", "/pizzeria/city-002/regina")
    fields = {name: form[name].value for name in ("size", "quantity")} | {"replace": "1"}
    browser.post_form("/pizzeria/city-002/ajouter", fields)
    assert browser.lines() == [("Margherita", 1)]


def test_the_pages_of_a_new_order_lead_back_to_the_change(website, browser):
    start(browser, website.order())
    assert place(browser.get(CHECKOUT)) == ADDRESS


@pytest.mark.parametrize("path", [ADDRESS, CONFIRM])
def test_without_a_change_its_pages_lead_to_the_basket(website, browser, path):
    browser.add()
    assert place(browser.get(path)) == BASKET
    assert place(browser.post_form(path)).startswith(("/panier", CONFIRM))


def test_a_cashier_changes_an_order_in_their_name(website, add_up):
    order = website.order()
    cashier = website.staff("cashier")
    page = cashier.get(f"/equipe/{HERE}/commandes/{order.number}")
    form_of(page, f"/equipe/{HERE}/commandes/{order.number}/modifier").submit(status=303)
    cashier.add("regina")
    confirm(cashier)
    history = words(cashier.get(f"/equipe/{HERE}/commandes/{order.number}"))
    assert "Commande modifiée · Cashier Lombard (Caisse)" in history
    add_up(website.engine)


def test_a_colleague_of_elsewhere_with_the_link_is_a_customer_like_any_other(website, add_up):
    order = website.order()
    cashier = website.staff(f"cashier.{ELSEWHERE}")
    start(cashier, order)
    confirm(cashier)
    with website.session() as session:
        changed = load_order(session, order.id).events[-1]
        assert (changed.author_id, changed.author_role) == (None, Role.CUSTOMER)
    add_up(website.engine)


def test_a_colleague_of_elsewhere_cannot_change_it(website):
    order = website.order()
    answer = website.staff(f"cashier.{ELSEWHERE}").post_form(
        f"/equipe/{HERE}/commandes/{order.number}/modifier"
    )
    assert answer.status_int == 403


def test_the_kitchen_sees_that_an_order_was_changed(website, browser):
    order = website.order()
    start(browser, order)
    browser.add("regina")
    kitchen, board = website.staff("pizzaiolo"), f"/equipe/{HERE}/cuisine/etat"
    before = kitchen.get(board)
    confirm(browser)
    board = kitchen.get(board, headers={"If-None-Match": before.headers["ETag"]}, status=200)
    assert "Modifiée à" in words(board)
    assert "Regina" in words(board)

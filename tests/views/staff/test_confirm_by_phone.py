"""« À rappeler »: big unpaid orders on the customer's and the counter's pages."""

import pytest

from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.payments.gateway import NullGateway
from payments.stalled import Stalled
from views.pages import form_of, notices, place, soup, words
from views.website import CHECKOUT, HERE

COUNTER, KITCHEN = f"/equipe/{HERE}/comptoir", f"/equipe/{HERE}/cuisine"
HOME = "192.0.2.1"


@pytest.fixture
def big(website):
    """An order of thirteen pizzas, to be paid on delivery: 13 × 9,50 € + 2,50 €."""
    browser = website.browser(REMOTE_ADDR=HOME)
    browser.add(quantity=13)
    page = browser.order()
    with website.session() as session:
        return browser, page, session.query(Order).one()


def test_the_customer_is_told_that_somebody_calls(big):
    _, page, order = big
    assert "Nous vous appelons pour confirmer cette commande" in words(page)
    # Once: who accepts it when is told after the call.
    assert "Le restaurant va l’accepter" not in words(page)
    assert "Cette page se met à jour toute seule." in words(page)
    assert order.network == HOME


def test_the_kitchen_waits_for_the_call_and_sees_who_is_new(website, big):
    _, _, order = big
    page = website.staff("pizzaiolo").get(KITCHEN)
    assert "Attend l’appel du comptoir" in words(page)
    assert "Premier achat" in words(page)
    assert soup(page).select_one(f"#accepted-{order.number}") is None
    step = {"before": "to_prepare", "after": "accepted", "board": "kitchen"}
    path = f"/equipe/{HERE}/commandes/{order.number}/statut"
    website.staff("pizzaiolo").post_form(path, step)
    assert website.look_at(order).status is Status.TO_PREPARE


@pytest.mark.parametrize("who", ["cashier", "manager"])
def test_the_counter_calls_and_confirms(website, big, who, add_up):
    _, _, order = big
    browser = website.staff(who)
    page = browser.get(COUNTER)
    assert "À rappeler avant" in words(page)
    assert soup(page).select_one(f"#rappeler-{order.number}")["href"] == "tel:+33612345678"
    answer = form_of(page, f"/equipe/{HERE}/commandes/{order.number}/confirmee").submit(status=303)
    assert place(answer) == COUNTER
    assert notices(answer.follow()) == [f"{order.number} est confirmée."]
    assert website.look_at(order).confirm_by is None
    history = words(browser.get(f"/equipe/{HERE}/commandes/{order.number}"))
    assert "Confirmée au téléphone" in history
    kitchen = website.staff("pizzaiolo").get(KITCHEN)
    assert soup(kitchen).select_one(f"#accepted-{order.number}")
    add_up(website.engine)


@pytest.mark.parametrize("who", ["pizzaiolo", "driver", "cashier.city_002", "customer"])
def test_nobody_else_confirms(website, big, who):
    _, _, order = big
    path = f"/equipe/{HERE}/commandes/{order.number}/confirmee"
    assert website.staff(who).post_form(path).status_int in (403, 404)
    assert website.look_at(order).confirm_by


def test_a_second_order_waits_for_the_call_with_its_basket_kept(website, big):
    browser, *_ = big
    browser.add()
    browser.give_details()
    answer = browser.payment_form().submit(status=303)
    assert "Nous devons déjà vous appeler" in notices(answer.follow())[0]
    assert browser.lines() == [("Margherita", 1)]


def test_where_one_can_pay_online_one_is_asked_to(website, monkeypatch):
    monkeypatch.setitem(website.application.registry, "payments", Stalled())
    browser = website.browser(REMOTE_ADDR=HOME)
    browser.add(quantity=13)
    browser.give_details()
    answer = browser.payment_form("cash").submit(status=303)
    assert place(answer).partition("?")[0] == CHECKOUT
    assert "se paie en ligne" in notices(answer.follow())[0]
    assert browser.lines() == [("Margherita", 13)]


def test_settings_say_how_much(website, monkeypatch):
    monkeypatch.setitem(website.application.registry, "payments", NullGateway())
    monkeypatch.setitem(website.application.registry.settings, "orders.unpaid_pizzas", 1)
    browser = website.browser(REMOTE_ADDR=HOME)
    browser.add(quantity=2)
    assert "Nous vous appelons" in words(browser.order())

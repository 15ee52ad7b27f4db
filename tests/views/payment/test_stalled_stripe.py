"""While every call to Stripe hangs, nobody else notices: menus, orders on delivery, payment pages.

The pages are served by as many threads as gunicorn has; were one of them to wait for Stripe until
it answers, the others would follow, and these tests would never end.
"""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from local_stripe.webhooks import signature
from ocpizza.models.card import SavedCard
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment
from ocpizza.payments import use_threads
from ocpizza.payments.threads import PaymentThreads
from payments.stalled import Stalled
from views.pages import form_of, place, soup, words
from views.paying import KEYS, check_out
from views.website import SHOP

THREADS, LONG = 4, 60


@pytest.fixture
def backend() -> str:
    return "postgresql"


@pytest.fixture
def stalled(website, monkeypatch):
    registry, stalled = website.application.registry, Stalled()
    for name in ("payments", "payment_threads", "payment_questions"):
        monkeypatch.setitem(registry, name, stalled)
    use_threads(registry, PaymentThreads(THREADS, patience=0.05))
    for name, value in KEYS.items():
        monkeypatch.setitem(registry.settings, name, value)
    yield stalled
    stalled.let_go.set()
    assert registry["payment_threads"].finish(LONG)


def orders(website, status: Status) -> int:
    with website.session() as session:
        return session.query(Order).filter(Order.status == status).count()


def pay_by_card(website, number: int):
    """The payment page of one of many visitors."""
    browser = website.browser(REMOTE_ADDR=f"192.0.2.{number}")
    return check_out(browser, phone=f"06 12 34 57 {number:02}")


def test_menus_and_orders_on_delivery_go_on_while_stripe_hangs(website, stalled):
    def by_card(number: int) -> str:
        return words(pay_by_card(website, number))

    def on_delivery(number: int) -> str:
        browser = website.browser(REMOTE_ADDR=f"198.51.100.{number}")
        browser.get(SHOP)
        browser.add()
        return words(browser.order(phone=f"06 12 34 56 {number:02}"))

    with ThreadPoolExecutor(THREADS) as pool:
        paying = [pool.submit(by_card, number) for number in range(16)]
        others = [pool.submit(on_delivery, number) for number in range(8)]
        assert all("Nous préparons le paiement avec Stripe" in page.result(LONG) for page in paying)
        assert all("Commande reçue" in page.result(LONG) for page in others)
    assert not stalled.let_go.is_set()
    assert orders(website, Status.TO_PREPARE) == 8
    assert orders(website, Status.AWAITING_PAYMENT) == 16


def test_a_saved_card_waits_for_no_stripe_that_hangs(website, customer, stalled):
    account_id, now = website.account("customer").id, datetime.now(UTC)
    card = {"stripe_payment_method_id": "pm_1", "brand": "visa", "last4": "4242"}
    with website.session() as session:
        session.add(SavedCard(account_id=account_id, saved_at=now, **card))
        session.flush()
        card_id = session.query(SavedCard).one().id
    customer.add()
    customer.give_details()
    page = customer.payment_form(f"carte-{card_id}").submit(status=303).follow()
    assert "Nous préparons le paiement avec Stripe" in words(page)
    assert stalled.called.acquire(timeout=LONG)
    # Nothing is locked meanwhile: they choose another way once they are told that nobody answers.
    while link := soup(page).select_one("a[data-again]"):
        page = customer.get(link["href"])
    form = form_of(page, page.request.path + "/remise")
    form["means"] = "cash"
    assert place(form.submit(status=303)).startswith("/suivi/")
    assert orders(website, Status.TO_PREPARE) == 1
    assert not stalled.let_go.is_set()


def test_what_finds_no_thread_is_due_for_the_worker_at_once(website, stalled):
    for number in range(THREADS * 4):
        pay_by_card(website, number)
    with website.session() as session:
        due = [payment.retry_at <= datetime.now(UTC) for payment in session.query(Payment)]
    # Three are spoken of, eight wait for a thread.
    assert sorted(due) == [False] * (3 + 8) + [True] * (THREADS * 4 - 3 - 8)


def test_the_page_asks_again_by_itself_then_offers_other_ways(website, browser, stalled):
    page = check_out(browser)
    refreshes = 0
    while link := soup(page).select_one("a[data-again]"):
        tag = soup(page).select_one("noscript meta[http-equiv=refresh]")
        assert tag["content"] == f"2;url={link['href']}"
        page = browser.get(link["href"])
        refreshes += 1
        assert refreshes < 20
    assert refreshes == 6
    assert "Le paiement en ligne ne répond pas pour le moment." in words(page)
    form = form_of(page, page.request.path + "/remise")
    form["means"] = "cash"
    answer = form.submit(status=303)
    assert place(answer).startswith("/suivi/")
    # Nobody can pay what Stripe has not answered to: there is nothing to wait for.
    assert orders(website, Status.TO_PREPARE) == 1
    assert not stalled.let_go.is_set()


@pytest.mark.parametrize("essai", ["-1", "7", "x", "²", "9" * 5000, ""])
def test_whatever_stands_in_its_address_is_an_answer(browser, stalled, essai):
    page = check_out(browser)
    assert browser.get(page.request.path, {"essai": essai}).status_int == 200


def test_a_webhook_is_answered_at_once(website, browser, stalled):
    page = check_out(browser)
    with website.session() as session:
        session.query(Payment).update({"stripe_intent_id": "pi_1"})
    about = {"object": "payment_intent", "id": "pi_1"}
    for number in range(30):
        event = {"id": f"evt_{number}", "object": "event", "type": "payment_intent.succeeded"}
        payload = json.dumps(event | {"data": {"object": about}, "api_version": "2020-08-27"})
        headers = {"Stripe-Signature": signature(payload, KEYS["stripe.webhook_secret"])}
        assert browser.post("/stripe/evenements", payload, headers=headers).status_int == 200
    assert not stalled.let_go.is_set()
    assert page

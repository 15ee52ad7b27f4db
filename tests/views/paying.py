"""Paying by card in the shop's pages: the way to the payment page, the card, the way back."""

import pytest

from ocpizza.models.order import Order
from ocpizza.payments import use_threads
from ocpizza.payments.threads import PaymentThreads
from views.pages import form_of, soup

# Seconds for a simulator on a busy machine.
LONG = 30
KEYS = {
    "stripe.publishable_key": "pk_test_12345",
    "stripe.webhook_secret": "whsec_test",
    "stripe.js_url": "https://js.stripe.com/v3/",
}


@pytest.fixture(autouse=True)
def keys(website, gateway, monkeypatch):
    """The shop takes payments through the simulator."""
    registry = website.application.registry
    monkeypatch.setitem(registry, "payments", gateway)
    for name in ("payment_threads", "payment_questions"):
        monkeypatch.setitem(registry, name, None)
    use_threads(registry, PaymentThreads(serving=2, patience=LONG))
    for name, value in KEYS.items():
        monkeypatch.setitem(registry.settings, name, value)
    monkeypatch.setitem(registry.settings, "stripe.api_url", gateway_url(gateway))
    yield
    # What nobody waited for, such as a webhook, is not to reach into the next test.
    assert registry["payment_threads"].finish(LONG)


def gateway_url(gateway) -> str:
    return gateway._intents._requestor.base_addresses["api"]


def check_out(browser, **details: str):
    """Order one Margherita by card; the answer is the payment page."""
    browser.add()
    browser.give_details(**details)
    return browser.payment_form("online_card").submit(status=303).follow()


def pay(stripe, page, *card: str):
    return stripe.confirm(secret_of(page), *card)


def secret_of(page) -> str:
    return soup(page).select_one("form#payer")["data-secret"]


def come_back(page):
    return form_of(page, page.request.path + "/retour").submit(status=303).follow()


def the_order(website) -> Order:
    with website.session() as session:
        return session.query(Order).one()


def heard(website) -> None:
    """Wait until everything that was to be asked of Stripe has been answered."""
    assert website.application.registry["payment_threads"].finish(LONG)

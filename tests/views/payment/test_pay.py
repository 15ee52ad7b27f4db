"""B31 in the shop's pages: the choice, the payment page, the way back, refusals and other ways."""

import json
import time

import pytest
from bs4 import BeautifulSoup

from local_stripe.webhooks import signature
from local_stripe_server import DECLINED, SECURE
from ocpizza.models.order import PaymentChoice
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentStatus, StripeEvent
from payments.till import gateway, stripe
from views.pages import form_of, notices, place, soup, words
from views.paying import check_out, come_back, heard, keys, pay, secret_of, the_order
from views.website import BASKET, CHECKOUT, SHOP

__all__ = ["gateway", "keys", "stripe"]


def test_an_order_is_paid_by_card(website, browser, stripe, add_up):
    page = check_out(browser)
    assert "Payer 12,00 €" in words(page)
    assert the_order(website).status is Status.AWAITING_PAYMENT
    assert browser.lines() == [("Margherita", 1)]
    pay(stripe, page)
    tracking = come_back(page).follow()
    assert "Commande reçue" in words(tracking)
    assert "Carte acceptée, débitée quand la préparation commence" in words(tracking)
    assert "Carte en ligne" in words(tracking)
    assert the_order(website).payment_status is PaymentStatus.AUTHORISED
    assert browser.lines() == []
    add_up(website.engine)


def test_a_refused_card_leads_back_to_the_choice_with_everything_kept(website, browser, stripe):
    page = check_out(browser)
    pay(stripe, page, DECLINED)
    page = come_back(page)
    assert "Paiement refusé" in words(page)
    assert the_order(website).status is Status.AWAITING_PAYMENT
    assert browser.lines() == [("Margherita", 1)]
    pay(stripe, page)
    assert "Commande reçue" in words(come_back(page).follow())


def test_a_bank_that_does_not_confirm_is_named(browser, stripe):
    page = check_out(browser)
    secret = secret_of(page)
    pay(stripe, page, SECURE)
    stripe.authenticate(secret, success=False)
    assert "Votre banque n’a pas confirmé le paiement." in words(come_back(page))


def test_one_may_pay_on_delivery_instead(website, browser, stripe, add_up):
    page = check_out(browser)
    secret = secret_of(page)
    form = form_of(page, page.request.path + "/remise")
    form["means"] = "cash"
    tracking = form.submit(status=303).follow()
    assert "Commande reçue" in words(tracking)
    order = the_order(website)
    assert (order.payment_choice, order.means) == (PaymentChoice.ON_DELIVERY, "cash")
    assert stripe.confirm(secret)[0] == 400
    add_up(website.engine)


def test_one_may_go_back_to_the_basket(website, browser, stripe, add_up):
    page = check_out(browser)
    answer = form_of(page, page.request.path + "/abandonner").submit(status=303)
    assert place(answer) == BASKET
    assert notices(answer.follow()) == ["Rien n’est commandé ni payé. Votre panier est conservé."]
    assert browser.lines() == [("Margherita", 1)]
    assert the_order(website).status is Status.CANCELLED
    browser.payment_form("cash").submit(status=303).follow()
    assert browser.lines() == []
    add_up(website.engine)


def test_the_checkout_of_a_waiting_order_leads_to_its_payment(browser, stripe):
    page = check_out(browser)
    assert place(browser.get(CHECKOUT)) == page.request.path


def test_an_order_is_in_progress_once_it_is_paid(browser, stripe):
    page = check_out(browser)
    assert not soup(browser.get(SHOP)).select_one(".followed-order")
    pay(stripe, page)
    come_back(page)
    assert soup(browser.get(SHOP)).select_one(".followed-order")


def test_the_menu_orders_nothing_more_meanwhile(browser, stripe):
    check_out(browser)
    browser.add("regina")
    bar = soup(browser.get(SHOP)).select("#basket-bar a")
    assert [link["href"] for link in bar] == [BASKET]


def test_the_same_form_sent_twice_makes_one_order(website, browser, stripe):
    browser.add()
    browser.give_details()
    form = browser.payment_form("online_card")
    assert place(form.submit()) == place(form.submit())
    the_order(website)


def test_a_stripe_that_is_down_is_said_clearly_and_can_be_tried_again(website, browser, stripe):
    stripe.fail("", "before", 99)
    page = check_out(browser)
    assert "Le paiement en ligne ne répond pas pour le moment." in words(page)
    stripe.work_again()
    page = come_back(page)
    pay(stripe, page)
    assert "Commande reçue" in words(come_back(page).follow())


def test_without_javascript_the_page_says_so_and_offers_delivery(browser, stripe):
    page = check_out(browser)
    assert "a besoin de JavaScript" in soup(page).select_one("#sans-script").get_text()
    assert soup(page).select_one("form#payer").has_attr("hidden")
    assert form_of(page, page.request.path + "/remise")


def test_only_the_payment_page_lets_stripe_in(browser, stripe):
    page = check_out(browser)
    policy = page.headers["Content-Security-Policy"]
    assert "script-src 'self' https://js.stripe.com;" in policy
    assert "frame-src https://js.stripe.com https://hooks.stripe.com" in policy
    assert "unsafe" not in policy
    html = BeautifulSoup(page.text, "html.parser")
    assert not [tag for tag in html.find_all("script") if not tag.get("src")]
    assert "stripe" not in browser.get(BASKET).headers["Content-Security-Policy"]


def test_without_keys_nothing_is_paid_online(website, browser, monkeypatch):
    from ocpizza.payments.gateway import NullGateway

    monkeypatch.setitem(website.application.registry, "payments", NullGateway())
    browser.add()
    browser.give_details()
    form = browser.form(CHECKOUT, CHECKOUT)
    assert "online_card" not in [option for option, *_ in form["means"].options]
    form["means"].force_value("online_card")
    form["accept"] = True
    assert form.submit(expect_errors=True).status_int == 422


def told(stripe, kind: str, intent_id: str) -> str:
    found = [e for e in stripe.events() if e["type"] == kind]
    return json.dumps(next(e for e in found if e["data"]["object"]["id"] == intent_id))


def tell(browser, payload: str, secret: str = "whsec_test", at: int | None = None):
    headers = {"Stripe-Signature": signature(payload, secret, at)}
    return browser.post("/stripe/evenements", payload, headers=headers, expect_errors=True)


def test_a_webhook_confirms_before_the_customer_is_back(website, browser, stripe, add_up):
    page = check_out(browser)
    intent = pay(stripe, page)[1]
    payload = told(stripe, "payment_intent.amount_capturable_updated", intent["id"])
    for _ in range(3):
        assert tell(browser, payload).status_int == 200
    heard(website)
    assert the_order(website).status is Status.TO_PREPARE
    with website.session() as session:
        assert session.query(StripeEvent).count() == 1
    assert "Commande reçue" in words(come_back(page).follow())
    add_up(website.engine)


def test_a_webhook_is_not_believed_but_asked_about(website, browser, stripe):
    page = check_out(browser)
    intent_id = secret_of(page).split("_secret_")[0]
    event = json.loads(told(stripe, "payment_intent.created", intent_id))
    event["type"], event["data"]["object"]["status"] = "payment_intent.succeeded", "succeeded"
    assert tell(browser, json.dumps(event)).status_int == 200
    heard(website)
    assert the_order(website).status is Status.AWAITING_PAYMENT


@pytest.mark.parametrize("payload", ["", "[]", "{}", "nonsense", '{"id": 1}', "\x00"])
def test_what_cannot_be_read_is_refused_though_signed(browser, payload):
    assert tell(browser, payload).status_int == 400


def test_what_stripe_did_not_sign_is_refused(website, browser, stripe):
    page = check_out(browser)
    intent = pay(stripe, page)[1]
    payload = told(stripe, "payment_intent.amount_capturable_updated", intent["id"])
    assert tell(browser, payload, "whsec_wrong").status_int == 400
    assert tell(browser, payload, at=int(time.time()) - 3600).status_int == 400
    assert browser.post("/stripe/evenements", payload, expect_errors=True).status_int == 400
    assert the_order(website).status is Status.AWAITING_PAYMENT

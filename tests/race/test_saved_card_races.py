"""A saved card, many taps at once and Stripe's news among them: one order, paid once."""

import json
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from local_stripe.webhooks import signature
from ocpizza.models.card import SavedCard
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment, PaymentState
from payments.till import gateway, stripe
from views.conftest import customer
from views.paying import KEYS, check_out, come_back, heard, keys, secret_of
from views.website import CHECKOUT, browser, website

__all__ = ["browser", "customer", "gateway", "keys", "stripe", "website"]
TAPS, COPIES, THREADS = 4, 6, 8


@pytest.fixture
def backend() -> str:
    return "postgresql"


@pytest.fixture
def card(website, customer, stripe) -> SavedCard:
    page = check_out(customer)
    stripe.confirm(secret_of(page), keep=True)
    come_back(page)
    with website.session() as session:
        return session.query(SavedCard).one()


def tap(customer, fields) -> int:
    """The same form from the same browser, which does not wait for the other taps."""
    again = customer.__class__(customer.app)
    for cookie in list(customer.cookiejar):
        again.cookiejar.set_cookie(cookie)
    return again.post(CHECKOUT, fields).status_int


def tell(website, event) -> int:
    payload = json.dumps(event)
    headers = {"Stripe-Signature": signature(payload, KEYS["stripe.webhook_secret"])}
    return website.browser().post("/stripe/evenements", payload, headers=headers).status_int


def newest(website) -> tuple[Order, list[Payment]]:
    with website.session() as session:
        order = session.scalars(select(Order).order_by(Order.id.desc())).first()
        return order, list(session.scalars(select(Payment).where(Payment.order_id == order.id)))


def mails(website) -> int:
    with website.session() as session:
        confirmed = select(func.count()).where(OutgoingMail.kind == MailKind.ORDER_CONFIRMED)
        return session.scalar(confirmed)


def test_taps_at_once_with_a_saved_card_order_and_pay_once(website, customer, stripe, card, add_up):
    before, events = len(stripe.intents()), len(stripe.events())
    mailed = mails(website)
    customer.add()
    fields = customer.form(CHECKOUT, CHECKOUT).submit_fields()
    with ThreadPoolExecutor(THREADS) as pool:
        taps = [pool.submit(tap, customer, fields) for _ in range(TAPS)]
        assert {each.result(60) for each in taps} == {303}
        # What Stripe tells, in any order, beside taps that come late.
        told = stripe.events()[events:] * COPIES
        random.shuffle(told)
        news = [pool.submit(tell, website, event) for event in told]
        late = [pool.submit(tap, customer, fields) for _ in range(TAPS)]
        assert {each.result(60) for each in news} == {200}
        assert {each.result(60) for each in late} == {303}
    heard(website)
    order, (payment,) = newest(website)
    assert (order.status, payment.state) == (Status.TO_PREPARE, PaymentState.AUTHORISED)
    assert len(stripe.intents()) == before + 1
    assert stripe.intents()[payment.stripe_intent_id]["status"] == "requires_capture"
    assert mails(website) == mailed + 1
    add_up(website.engine)

"""Ten copies of every webhook from eight threads in any order, and the customers' returns."""

import json
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
import webtest
from sqlalchemy import func, select

import ocpizza
from local_stripe.webhooks import signature
from local_stripe_server import DECLINED
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Payment, PaymentStatus, Receipt, StripeEvent
from payments.till import SOON, gateway, stripe, till

__all__ = ["gateway", "stripe", "till"]
ORDERS, COPIES, THREADS, SECRET = 4, 10, 8, "whsec_test"


@pytest.fixture
def shop(till, settings):
    """The application on the till's database."""
    keys = {
        "stripe.secret_key": "sk_test_12345",
        "stripe.publishable_key": "pk_test_12345",
        "stripe.webhook_secret": SECRET,
        "stripe.api_url": till.stripe.url,
        "database.pool_size": 20,
    }
    application = ocpizza.main(settings | keys)
    yield application
    application.registry["engines"]["write"].dispose()


def send_all(shop, events: list[dict], returns: list[str]) -> Counter[int]:
    """Every event ten times and every customer's return, shuffled, from eight threads."""
    posts = [event for event in events for _ in range(COPIES)] + returns * 3
    random.shuffle(posts)

    def post(what) -> int:
        browser = webtest.TestApp(shop, extra_environ={"HTTP_SEC_FETCH_SITE": "same-origin"})
        if isinstance(what, str):
            return browser.post(f"/suivi/{what}/paiement/retour", expect_errors=True).status_int
        payload = json.dumps(what)
        headers = {"Stripe-Signature": signature(payload, SECRET)}
        answer = browser.post("/stripe/evenements", payload, headers=headers, expect_errors=True)
        return answer.status_int

    with ThreadPoolExecutor(THREADS) as threads:
        answers = Counter(threads.map(post, posts))
    assert shop.registry["payment_threads"].finish(60)
    return answers


def test_webhooks_in_any_number_and_order_confirm_and_capture_once(till, shop, add_up):
    heard = len(till.stripe.events())
    orders = [till.place() for _ in range(ORDERS)]
    for order_id in orders:
        till.settle(order_id)
        till.pay(order_id, DECLINED)
        till.pay(order_id)
    tokens = [till.order(order_id).tracking_token for order_id in orders]
    assert send_all(shop, till.stripe.events()[heard:], tokens).keys() == {200, 303}
    for order_id in orders:
        assert till.order(order_id).status is Status.TO_PREPARE
        till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    events = till.stripe.events()[heard:]
    assert send_all(shop, events, []).keys() == {200}
    with till.session() as session:
        assert session.scalar(select(func.count(StripeEvent.id))) == len(events)
        assert session.scalar(select(func.count(Receipt.id))) == ORDERS
        assert session.scalar(select(func.sum(Payment.captured_cents))) == ORDERS * 1200
        assert set(session.scalars(select(Order.payment_status))) == {PaymentStatus.PAID}
        confirmed = select(func.count()).where(OutgoingMail.kind == MailKind.ORDER_CONFIRMED)
        assert session.scalar(confirmed) == ORDERS
    add_up(till.engine)

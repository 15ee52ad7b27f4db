"""A company with an account of its own at Stripe takes the money itself, at every step."""

import pytest

from factories import NOON, author_of, make_staff
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentState, PaymentStatus
from ocpizza.payments.reconcile import reconcile
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.payment.refund import RefundRequest, refund_payment
from payments.till import AT_LAST, SOON, Till

ACCOUNT = "acct_lyon"


@pytest.fixture
def franchise(till) -> Till:
    with till.session() as session, session.begin():
        session.query(LegalEntity).update({"stripe_account": ACCOUNT})
    return till


def authorised(till: Till) -> int:
    order_id = till.place()
    till.settle(order_id)
    intent_id = till.payments(order_id)[0].stripe_intent_id
    secret = till.gateway.fetch(intent_id, ACCOUNT).client_secret
    assert till.stripe.confirm(secret, account=ACCOUNT)[0] == 200
    till.settle(order_id)
    assert till.order(order_id).payment_status is PaymentStatus.AUTHORISED
    return order_id


def test_it_authorises_captures_and_gives_back(franchise, add_up):
    till = franchise
    order_id = authorised(till)
    till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    (payment,) = till.payments(order_id)
    with till.session() as session, session.begin():
        manager = author_of(make_staff(session, Role.MANAGER))
        asked = RefundRequest(500, manager, note="Pizza froide")
        refund_payment(session, payment.id, asked, SOON)
    till.work(AT_LAST)
    intent = till.intent(order_id)
    assert intent["account"] == ACCOUNT
    assert (intent["amount_received"], intent["refunded"]) == (1200, 500)
    assert till.order(order_id).payment_status is PaymentStatus.PARTLY_REFUNDED
    assert list(reconcile(till.engine, till.gateway, AT_LAST)) == []
    add_up(till.engine)


def test_it_releases_what_is_cancelled(franchise, add_up):
    till = franchise
    order_id = authorised(till)
    with till.session() as session, session.begin():
        cancel_order(session, order_id, Author(None, Role.CUSTOMER), NOON)
    till.work(SOON)
    (payment,) = till.payments(order_id)
    assert payment.state is PaymentState.RELEASED
    assert till.intent(order_id)["status"] == "canceled"
    add_up(till.engine)


def test_the_group_cannot_touch_what_is_theirs(franchise):
    order_id = authorised(franchise)
    intent_id = franchise.payments(order_id)[0].stripe_intent_id
    status, answer = franchise.stripe.post(f"/v1/payment_intents/{intent_id}/capture")
    assert (status, answer["error"]["code"]) == (404, "resource_missing")

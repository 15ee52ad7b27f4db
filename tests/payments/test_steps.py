"""At every step Stripe fails in every way, or our process dies: paid once or not at all.

The rows of `STEPS` are the calls to Stripe in the life of an order.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest

from factories import NOON, author_of, make_account, make_staff
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PaymentState, PaymentStatus
from ocpizza.payments import stripe_gateway
from ocpizza.payments.reconcile import reconcile
from ocpizza.payments.settle import settle
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.payment.refund import RefundRequest, refund_payment
from payments.faults import AT_STRIPE, KILLS, settle_in_a_dying_process
from payments.till import AT_LAST, SOON, Till

GUEST = Author(None, Role.CUSTOMER)
TOTAL, BACK = 1200, 500


def begin(till: Till) -> int:
    return till.place()


def begin_with_an_account(till: Till) -> int:
    with till.session() as session, session.begin():
        author = author_of(make_account(session, email="julia@example.org"))
    return till.place(author=author)


def pay(till: Till) -> int:
    order_id = till.place()
    till.settle(order_id)
    till.pay(order_id)
    return order_id


def prepare(till: Till) -> int:
    order_id = till.authorised()
    till.advance(order_id, Status.PREPARING)
    return order_id


def give_back(till: Till) -> int:
    order_id = prepare(till)
    till.work(SOON)
    payment_id = till.payments(order_id)[0].id
    with till.session() as session, session.begin():
        manager = author_of(make_staff(session, Role.MANAGER))
        asked = RefundRequest(BACK, manager, note="Pizza froide")
        refund_payment(session, payment_id, asked, SOON)
    return order_id


def cancel(till: Till) -> int:
    order_id = till.authorised()
    with till.session() as session, session.begin():
        cancel_order(session, order_id, GUEST, NOON)
    return order_id


class Step(NamedTuple):
    """A call to Stripe; what leads to it; and what is captured and given back in the end."""

    call: str
    path: str
    story: Callable[[Till], int]
    captured: int
    back: int = 0


BEGINNINGS = (begin, begin_with_an_account)
STEPS = [
    Step("create_customer", "POST /v1/customers$", begin_with_an_account, TOTAL),
    Step("create", "POST /v1/payment_intents$", begin_with_an_account, TOTAL),
    Step("create", "POST /v1/payment_intents$", begin, TOTAL),
    Step("fetch", "GET /v1/payment_intents/", pay, TOTAL),
    Step("fetch", "GET /v1/payment_intents/", prepare, TOTAL),
    Step("capture", "POST .*/capture", prepare, TOTAL),
    Step("refunds", "GET /v1/refunds", give_back, TOTAL, BACK),
    Step("refund", "POST /v1/refunds", give_back, TOTAL, BACK),
    Step("fetch", "GET /v1/payment_intents/", cancel, 0),
    Step("cancel", "POST .*/cancel", cancel, 0),
]
NAMES = [f"{step.story.__name__}-{step.call}" for step in STEPS]


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """One short try for each call, so that every fault reaches us."""
    monkeypatch.setattr(stripe_gateway, "RETRIES", 0)
    monkeypatch.setattr(stripe_gateway, "READ_SECONDS", 0.5)


@pytest.mark.parametrize("fault", [*AT_STRIPE, *KILLS])
@pytest.mark.parametrize("step", STEPS, ids=NAMES)
def test_in_the_end_it_is_paid_once_or_not_at_all(till, step, fault, add_up):
    order_id = step.story(till)
    payment_id = till.payments(order_id)[-1].id
    if fault in KILLS:
        settle_in_a_dying_process(till, payment_id, step.call, fault, SOON)
    else:
        till.stripe.fail(step.path, fault, seconds=1)
        settle(till.engine, till.gateway, payment_id, SOON)
        till.stripe.work_again()
    add_up(till.engine)
    list(reconcile(till.engine, till.gateway, SOON))
    if step.story in BEGINNINGS:
        till.pay(order_id)
    list(reconcile(till.engine, till.gateway, SOON))
    if step.captured:
        till.advance(order_id, Status.PREPARING)
    till.work(AT_LAST)
    assert list(reconcile(till.engine, till.gateway, AT_LAST)) == []
    (payment,) = till.payments(order_id)
    intent = till.intent(order_id)
    assert (intent["amount_received"], intent["refunded"]) == (step.captured, step.back)
    assert payment.captured_cents == step.captured
    assert payment.state is (PaymentState.CAPTURED if step.captured else PaymentState.RELEASED)
    same_order = [i for i in till.stripe.intents().values() if i["metadata"] == intent["metadata"]]
    assert same_order == [intent]
    add_up(till.engine)


def test_a_crash_between_the_order_and_stripe_loses_nothing(till, add_up):
    order_id = till.place()
    till.work(NOON + timedelta(minutes=1))
    till.pay(order_id)
    lines = list(reconcile(till.engine, till.gateway, SOON))
    (line,) = lines
    assert "payment created → authorised" in line.text
    assert "order status awaiting_payment → to_prepare" in line.text
    assert till.order(order_id).payment_status is PaymentStatus.AUTHORISED
    add_up(till.engine)

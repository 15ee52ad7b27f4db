"""B31 from the order to the receipt, over real HTTP: authorised, captured, released, refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from factories import NOON
from local_stripe_server import DECLINED, GOOD, SECURE
from ocpizza.domain.author import Author
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import PaymentChoice
from ocpizza.models.order_status import EndingReason, Status
from ocpizza.models.payment import Means, PaymentState, PaymentStatus
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.settlement.on_delivery import pay_on_delivery
from payments.till import AT_LAST, LATER, SOON

GUEST = Author(None, Role.CUSTOMER)


def mails(till) -> list[MailKind]:
    with till.session() as session:
        return list(session.scalars(select(OutgoingMail.kind).order_by(OutgoingMail.id)))


def stock(till) -> int:
    with till.session() as session:
        return till.pizzeria.stock_of(session, "farine")


def test_an_order_paid_online_is_captured_when_its_preparation_begins(till, add_up):
    order_id = till.place()
    assert till.order(order_id).status is Status.AWAITING_PAYMENT
    assert mails(till) == []
    till.settle(order_id)
    assert till.pay(order_id)[1]["status"] == "requires_capture"
    till.settle(order_id, SOON)
    order = till.order(order_id)
    assert (order.status, order.payment_status) == (Status.TO_PREPARE, PaymentStatus.AUTHORISED)
    assert mails(till) == [MailKind.ORDER_CONFIRMED]
    assert order.due_cents == 0
    assert till.intent(order_id)["amount_received"] == 0
    till.advance(order_id, Status.PREPARING)
    assert till.order(order_id).payment_status is PaymentStatus.AUTHORISED
    assert till.work(SOON) == 1
    assert till.intent(order_id)["amount_received"] == 1200
    assert till.order(order_id).payment_status is PaymentStatus.PAID
    (payment,) = till.payments(order_id)
    assert (payment.state, payment.captured_cents) == (PaymentState.CAPTURED, 1200)
    assert payment.receipt_id is not None
    assert till.work(AT_LAST) == 0
    add_up(till.engine)


def test_the_expected_time_counts_from_the_payment(till):
    order_id = till.place()
    before = till.order(order_id).expected_at
    till.settle(order_id)
    till.pay(order_id)
    till.settle(order_id, NOON + timedelta(minutes=9))
    assert till.order(order_id).expected_at == before + timedelta(minutes=9)


def test_a_refused_card_keeps_the_order_for_another_card(till, add_up):
    order_id = till.place()
    till.settle(order_id)
    assert till.pay(order_id, DECLINED)[0] == 402
    till.settle(order_id)
    assert till.payments(order_id)[0].refusal == "generic_decline"
    assert till.order(order_id).status is Status.AWAITING_PAYMENT
    assert till.pay(order_id, GOOD)[0] == 200
    till.settle(order_id)
    assert till.payments(order_id)[0].refusal is None
    assert till.order(order_id).status is Status.TO_PREPARE
    add_up(till.engine)


@pytest.mark.parametrize(
    ("success", "status"), [(True, Status.TO_PREPARE), (False, Status.AWAITING_PAYMENT)]
)
def test_the_bank_is_asked(till, success, status, add_up):
    order_id = till.place()
    till.settle(order_id)
    secret = till.secret(order_id)
    till.pay(order_id, SECURE)
    till.settle(order_id)
    assert till.order(order_id).status is Status.AWAITING_PAYMENT
    till.stripe.authenticate(secret, success)
    till.settle(order_id)
    assert till.order(order_id).status is status
    assert bool(till.payments(order_id)[0].refusal) is not success
    add_up(till.engine)


def test_who_closes_the_page_after_paying_is_found_by_the_worker(till, add_up):
    order_id = till.place()
    till.settle(order_id)
    till.pay(order_id)
    assert till.work(SOON) == 1
    assert till.order(order_id).status is Status.TO_PREPARE
    add_up(till.engine)


def test_a_hold_that_ends_cancels_the_intent_then_gives_the_stock_back(till, add_up):
    before = stock(till)
    order_id = till.place()
    till.settle(order_id)
    assert stock(till) == before - 160
    till.stripe.fail("/cancel", "before", 9)
    till.work(LATER)
    assert till.order(order_id).status is Status.AWAITING_PAYMENT
    assert stock(till) == before - 160
    till.stripe.work_again()
    till.work(AT_LAST)
    assert till.intent(order_id)["status"] == "canceled"
    assert till.order(order_id).status is Status.CANCELLED
    assert till.order(order_id).ending_reason is EndingReason.NOT_PAID
    assert stock(till) == before
    assert mails(till) == [MailKind.ORDER_CANCELLED]
    add_up(till.engine)


def test_who_pays_in_the_last_second_of_their_hold_is_served(till, add_up):
    order_id = till.place()
    till.settle(order_id)
    till.pay(order_id)
    till.work(LATER)
    assert till.order(order_id).status is Status.TO_PREPARE
    add_up(till.engine)


def test_a_payment_begun_after_its_hold_ended_is_released(till, add_up):
    order_id = till.place()
    till.settle(order_id)
    secret = till.secret(order_id)
    till.stripe.fail("/cancel", "before", 9)
    till.work(LATER)
    till.stripe.confirm(secret)
    till.stripe.work_again()
    till.work(AT_LAST)
    assert till.intent(order_id)["status"] == "canceled"
    assert till.order(order_id).status is Status.CANCELLED
    add_up(till.engine)


def test_an_order_that_stripe_never_heard_of_expires_without_it(till, add_up):
    till.stripe.fail("POST /v1/payment_intents$", "error", 99)
    order_id = till.place()
    till.settle(order_id)
    till.work(LATER)
    assert till.order(order_id).status is Status.CANCELLED
    add_up(till.engine)


def switch(till, order_id: int) -> None:
    with Session(till.engine) as session, session.begin():
        pay_on_delivery(session, order_id, Means.CASH, NOON)
    till.settle(order_id)


def test_who_pays_on_delivery_instead_is_confirmed_once_the_intent_is_cancelled(till, add_up):
    order_id = till.place()
    till.settle(order_id)
    till.stripe.fail("/cancel", "before", 2)
    switch(till, order_id)
    assert till.order(order_id).status is Status.AWAITING_PAYMENT
    till.work(SOON)
    order = till.order(order_id)
    assert (order.status, order.payment_choice) == (Status.TO_PREPARE, PaymentChoice.ON_DELIVERY)
    assert till.intent(order_id)["status"] == "canceled"
    with till.session() as session:
        assert session.merge(order).due_cents == 1200
    add_up(till.engine)


def test_while_stripe_is_down_from_the_start_one_may_pay_on_delivery_at_once(till, add_up):
    till.stripe.fail("", "before", 99)
    order_id = till.place()
    till.settle(order_id)
    switch(till, order_id)
    assert till.order(order_id).status is Status.TO_PREPARE
    add_up(till.engine)


@pytest.mark.parametrize("paid", [True, False])
def test_a_cancelled_order_is_released(till, paid, add_up):
    order_id = till.authorised() if paid else till.place()
    till.settle(order_id)
    with till.session() as session, session.begin():
        assert cancel_order(session, order_id, GUEST, NOON)
    till.work(SOON)
    assert till.intent(order_id)["status"] == "canceled"
    assert till.order(order_id).payment_status is PaymentStatus.RELEASED
    add_up(till.engine)


@pytest.mark.parametrize("why", ["refused", "expired"])
def test_a_capture_that_is_refused_is_collected_on_delivery(till, why, add_up):
    order_id = till.authorised()
    if why == "refused":
        till.stripe.fail("/capture", "refused", 9)
    else:
        till.stripe.expire(till.payments(order_id)[0].stripe_intent_id)
    till.advance(order_id, Status.PREPARING)
    till.work(SOON)
    order = till.order(order_id)
    assert (order.status, order.payment_choice) == (Status.PREPARING, PaymentChoice.ON_DELIVERY)
    assert till.intent(order_id)["status"] == "canceled"
    with till.session() as session:
        assert session.merge(order).due_cents == 1200
    add_up(till.engine)


def test_while_a_capture_has_no_answer_it_is_retried_and_nothing_collected(till, add_up):
    order_id = till.authorised()
    till.advance(order_id, Status.PREPARING)
    till.stripe.fail("/capture", "error", 99)
    till.work(SOON)
    order = till.order(order_id)
    assert (order.payment_choice, order.due_cents) == (PaymentChoice.ONLINE, 0)
    till.stripe.work_again()
    till.work(AT_LAST)
    assert till.intent(order_id)["amount_received"] == 1200
    add_up(till.engine)

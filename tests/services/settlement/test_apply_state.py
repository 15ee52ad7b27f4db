"""What follows for an order from what Stripe says of its payment, also what nobody here asked for.

A Margherita that is delivered is 12 €.
"""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from factories import NOON, order_of
from ocpizza.domain.author import Author
from ocpizza.domain.payment import Intent, IntentStatus
from ocpizza.models.account import Role
from ocpizza.models.basket import BasketLine
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import EndingReason, Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentState,
    PaymentStatus,
    RefundReason,
    RefundState,
)
from ocpizza.services.checkout.change import Change, change_order
from ocpizza.services.checkout.review import review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.payment.queries import payments_of
from ocpizza.services.settlement.record_intent import record_intent

GUEST = Author(None, Role.CUSTOMER)
AUTHORISED, CAPTURED, CANCELLED = (
    IntentStatus.AUTHORISED,
    IntentStatus.CAPTURED,
    IntentStatus.CANCELLED,
)


@pytest.fixture
def waiting(session, pizzeria) -> Order:
    """An order that awaits its payment."""
    return order_of(session, pizzeria, means=Means.ONLINE_CARD, status=Status.AWAITING_PAYMENT)


def hear(session: Session, order: Order, status: IntentStatus) -> Payment:
    """Let Stripe say this of the last payment; all of it is captured, if it is."""
    payment = payments_of(session, order.id)[-1]
    cents = payment.amount_cents if status is CAPTURED else 0
    intent = Intent(f"pi_{payment.id}", status, payment.amount_cents, cents)
    record_intent(session, payment.id, intent, NOON)
    session.flush()
    return payment


def notes(session: Session, order: Order) -> list[str]:
    query = select(OrderEvent.note).where(OrderEvent.order_id == order.id, OrderEvent.note != "")
    return list(session.scalars(query.order_by(OrderEvent.id)))


def change_to(session: Session, order: Order, pizzeria, pizzas: int) -> None:
    """Let its customer change it to so many Margheritas."""
    basket = start_change(session, order.id, NOON)
    basket.lines = []
    session.flush()
    basket.lines = [BasketLine(selection=pizzeria.select("margherita").text, quantity=pizzas)]
    session.flush()
    shown = review_basket(session, basket, NOON).quote.total_cents
    change_order(session, basket.token, Change(basket.checkout_key, shown), GUEST, NOON)
    session.flush()


@pytest.mark.parametrize("heard", [[], [AUTHORISED]], ids=["waiting", "authorised"])
def test_what_is_captured_of_a_cancelled_order_is_given_back(session, waiting, heard, add_up):
    for status in heard:
        hear(session, waiting, status)
    cancel_order(session, waiting.id, GUEST, NOON)
    payment = hear(session, waiting, CAPTURED)
    (refund,) = payment.refunds
    assert (payment.state, payment.captured_cents) == (PaymentState.CAPTURED, 1200)
    assert (refund.amount_cents, refund.state) == (1200, RefundState.REQUESTED)
    assert (refund.reason, refund.author_id) == (RefundReason.OF_CANCELLED_ORDER, None)
    assert payment.retry_at == NOON
    assert notes(session, waiting)[-2:] == ["captured", "refund_requested"]
    assert waiting.status is Status.CANCELLED
    add_up(session)


def test_what_is_captured_by_hand_is_paid_and_not_collected_again(session, waiting, add_up):
    hear(session, waiting, AUTHORISED)
    payment = hear(session, waiting, CAPTURED)
    assert (waiting.status, waiting.payment_status) == (Status.TO_PREPARE, PaymentStatus.PAID)
    assert (waiting.due_cents, payment.refunds, payment.receipt.number) == (0, [], 1)
    assert notes(session, waiting) == ["authorised", "captured"]
    add_up(session)


def test_what_is_captured_before_it_was_heard_of_is_made(session, waiting, add_up):
    payment = hear(session, waiting, CAPTURED)
    assert (waiting.status, waiting.payment_status) == (Status.TO_PREPARE, PaymentStatus.PAID)
    assert (waiting.due_cents, payment.refunds) == (0, [])
    assert notes(session, waiting) == ["authorised", "captured"]
    add_up(session)


def test_so_is_a_change_and_its_old_payment_is_released(session, pizzeria, waiting, add_up):
    old = hear(session, waiting, AUTHORISED)
    change_to(session, waiting, pizzeria, 2)
    assert waiting.revision.total_cents == 1200
    new = hear(session, waiting, CAPTURED)
    assert (waiting.revision.total_cents, new.captured_cents, new.refunds) == (2150, 2150, [])
    assert (old.goal, new.goal) == ("release", "authorise")
    add_up(session)


def test_a_change_that_is_captured_too_late_is_given_back(session, pizzeria, waiting, add_up):
    hear(session, waiting, AUTHORISED)
    change_to(session, waiting, pizzeria, 2)
    waiting.status = Status.PREPARING
    session.flush()
    new = hear(session, waiting, CAPTURED)
    assert [refund.amount_cents for refund in new.refunds] == [2150]
    assert waiting.revision.total_cents == 1200


def test_what_the_bank_lets_go_is_collected_on_delivery(session, waiting, add_up):
    hear(session, waiting, AUTHORISED)
    hear(session, waiting, CANCELLED)
    assert waiting.status is Status.TO_PREPARE
    assert (waiting.payment_choice, waiting.means) == (
        PaymentChoice.ON_DELIVERY,
        Means.CARD_TERMINAL,
    )
    assert (waiting.due_cents, notes(session, waiting)[-1]) == (1200, "capture_refused")
    add_up(session)


def test_what_is_released_before_it_was_paid_ends_the_order(session, waiting, add_up):
    hear(session, waiting, CANCELLED)
    assert (waiting.status, waiting.ending_reason) == (Status.CANCELLED, EndingReason.NOT_PAID)
    add_up(session)


def test_the_same_said_twice_changes_nothing(session, waiting, add_up):
    for status in (AUTHORISED, AUTHORISED, CAPTURED, CAPTURED, CANCELLED):
        payment = hear(session, waiting, status)
    assert (payment.state, payment.receipt.number) == (PaymentState.CAPTURED, 1)
    assert notes(session, waiting) == ["authorised", "captured"]
    add_up(session)

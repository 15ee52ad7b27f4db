"""What follows for an order when one of its payments comes to another state."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.order_status import EndingReason, Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentEvent,
    PaymentGoal,
    PaymentState,
    RefundReason,
)
from ocpizza.services.order.cancel import Ending, cancel_order
from ocpizza.services.order.confirm import confirm_order
from ocpizza.services.order.pending_change import abandon_change, promote_change
from ocpizza.services.payment.counter import next_receipt
from ocpizza.services.payment.events import record_payment_event, update_status
from ocpizza.services.payment.refund import RefundRequest, request_refund

Consequence = Callable[[Session, Order, Payment, datetime], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a payment has come to, and how much of it was captured."""

    state: PaymentState
    captured_cents: Cents = 0


def apply_payment_state(
    session: Session,
    order: Order,
    payment: Payment,
    outcome: Outcome,
    now: datetime,
) -> None:
    """Let a payment come to a state, with all that follows; the order is locked."""
    before, state = payment.state, outcome.state
    if state is PaymentState.CAPTURED:
        payment.receipt = next_receipt(session, order, now)
        payment.captured_cents = outcome.captured_cents
    payment.state = state
    authorised = state is PaymentState.AUTHORISED
    payment.settled_at = None if authorised else now
    payment.retry_at = now if authorised and payment.goal is not PaymentGoal.AUTHORISE else None
    update_status(session, order)
    if consequence := CONSEQUENCES.get((payment.goal, before, state)):
        consequence(session, order, payment, now)
        update_status(session, order)


def _accept(session: Session, order: Order, payment: Payment, now: datetime) -> None:
    record_payment_event(session, order, PaymentEvent.AUTHORISED, now)
    if order.status is Status.AWAITING_PAYMENT:
        confirm_order(session, order, now)
    else:
        promote_change(session, order, payment, now)


def _give_up(session: Session, order: Order, _payment: Payment, now: datetime) -> None:
    if order.status is not Status.AWAITING_PAYMENT:
        abandon_change(session, order, now)
    elif order.payment_choice is PaymentChoice.ON_DELIVERY and now <= _hold_end(order):
        record_payment_event(session, order, PaymentEvent.ON_DELIVERY, now)
        confirm_order(session, order, now)
    else:
        cancel_order(session, order.id, None, now, Ending(EndingReason.NOT_PAID))


def _hold_end(order: Order) -> datetime:
    return order.hold_expires_at or order.placed_at


def _let_go(session: Session, order: Order, payment: Payment, now: datetime) -> None:
    """One that was authorised is released as we wished: only a waiting order cares."""
    if order.status is Status.AWAITING_PAYMENT:
        _give_up(session, order, payment, now)


def _collect_on_delivery(session: Session, order: Order, _payment: Payment, now: datetime) -> None:
    order.payment_choice, order.means = PaymentChoice.ON_DELIVERY, Means.CARD_TERMINAL
    record_payment_event(session, order, PaymentEvent.CAPTURE_REFUSED, now)


def _take(session: Session, order: Order, _payment: Payment, now: datetime) -> None:
    record_payment_event(session, order, PaymentEvent.CAPTURED, now)


def _take_and_give_back(session: Session, order: Order, payment: Payment, now: datetime) -> None:
    """Captured at Stripe by somebody else although the order wants it released."""
    _take(session, order, payment, now)
    whole = RefundRequest(payment.captured_cents, None, RefundReason.OF_CANCELLED_ORDER)
    request_refund(session, order, payment, whole, now)


def _accept_taken(session: Session, order: Order, payment: Payment, now: datetime) -> None:
    """Captured by somebody else before it was heard of: what was paid for is made all the same."""
    _accept(session, order, payment, now)
    follow = _take_and_give_back if payment.goal is PaymentGoal.RELEASE else _take
    follow(session, order, payment, now)


CREATED, AUTHORISED = PaymentState.CREATED, PaymentState.AUTHORISED
CAPTURED, RELEASED, FAILED = PaymentState.CAPTURED, PaymentState.RELEASED, PaymentState.FAILED
# (what we wished, where it stood, where it stands now) → what follows; nothing for the others.
CONSEQUENCES: dict[tuple[PaymentGoal, PaymentState, PaymentState], Consequence] = {
    (PaymentGoal.AUTHORISE, CREATED, AUTHORISED): _accept,
    (PaymentGoal.AUTHORISE, CREATED, RELEASED): _give_up,
    (PaymentGoal.AUTHORISE, AUTHORISED, RELEASED): _collect_on_delivery,
    (PaymentGoal.RELEASE, CREATED, RELEASED): _let_go,
    (PaymentGoal.RELEASE, AUTHORISED, RELEASED): _let_go,
    (PaymentGoal.CAPTURE, AUTHORISED, FAILED): _collect_on_delivery,
    (PaymentGoal.CAPTURE, AUTHORISED, CAPTURED): _take,
    (PaymentGoal.AUTHORISE, CREATED, CAPTURED): _accept_taken,
    (PaymentGoal.AUTHORISE, AUTHORISED, CAPTURED): _take,
    (PaymentGoal.RELEASE, CREATED, CAPTURED): _take_and_give_back,
    (PaymentGoal.RELEASE, AUTHORISED, CAPTURED): _take_and_give_back,
}

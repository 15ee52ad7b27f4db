"""B31: write down what Stripe says of a payment; said twice, it changes nothing."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.domain.payment import PAYMENT_WINDOW, Intent, IntentStatus
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import PAYMENT_STEPS, Payment, PaymentGoal, PaymentState
from ocpizza.services.order.pending_change import abandon_change
from ocpizza.services.payment.cards import save_card
from ocpizza.services.payment.goal import withdraw_payment
from ocpizza.services.payment.open import ASK_EVERY
from ocpizza.services.payment.queries import lock_payment
from ocpizza.services.settlement.apply_state import Outcome, apply_payment_state

STATES = {
    IntentStatus.WAITING: PaymentState.CREATED,
    IntentStatus.AUTHORISED: PaymentState.AUTHORISED,
    IntentStatus.CAPTURED: PaymentState.CAPTURED,
    IntentStatus.CANCELLED: PaymentState.RELEASED,
}
ACCEPTED = (PaymentState.AUTHORISED, PaymentState.CAPTURED)


def record_intent(session: Session, payment_id: int, intent: Intent, now: datetime) -> bool:
    """Write down what was just heard of Stripe; return whether it is to be asked again at once."""
    order, payment = lock_payment(session, payment_id)
    payment.stripe_intent_id = payment.stripe_intent_id or intent.id
    payment.refusal = intent.refusal or None
    payment.attempts = 0
    state = _state(payment, intent)
    # Once, when it is accepted: later they may have removed it again.
    if intent.kept_card and payment.state is PaymentState.CREATED and state in ACCEPTED:
        save_card(session, order, intent.kept_card, now)
    if state in PAYMENT_STEPS.get(payment.state, ()):
        apply_payment_state(session, order, payment, Outcome(state, intent.captured_cents), now)
    elif payment.state is PaymentState.CREATED and payment.goal is PaymentGoal.AUTHORISE:
        _go_on_waiting(session, order, payment, now)
    elif payment.state is PaymentState.AUTHORISED and payment.goal is PaymentGoal.AUTHORISE:
        payment.retry_at = None
    return payment.retry_at is not None and payment.retry_at <= now


def _state(payment: Payment, intent: Intent) -> PaymentState:
    state = STATES[intent.status]
    captured = payment.goal is PaymentGoal.CAPTURE and state is PaymentState.RELEASED
    return PaymentState.FAILED if captured else state


def _go_on_waiting(session: Session, order: Order, payment: Payment, now: datetime) -> None:
    ends = payment.created_at + PAYMENT_WINDOW
    payment.retry_at = min(now + ASK_EVERY, ends)
    if now < ends:
        return
    if order.status is Status.AWAITING_PAYMENT:
        withdraw_payment(payment, now)
    else:
        abandon_change(session, order, now)

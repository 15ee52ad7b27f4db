"""What is to be asked of Stripe about one payment, taken so that nobody else asks meanwhile."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.payment import PAYMENT_WINDOW, Authorisation
from ocpizza.models.account import Account
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment, PaymentGoal, PaymentState, RefundState
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.payment.queries import lock_payment
from ocpizza.services.settlement.apply_state import Outcome, apply_payment_state

LEASE = timedelta(minutes=1)
FIRST_RETRY, MAX_RETRY = timedelta(seconds=5), timedelta(minutes=5)
CLOSED = (PaymentState.RELEASED, PaymentState.FAILED)


@dataclass(frozen=True, slots=True)
class Task:
    """A payment as those see it who speak to Stripe; `refunds` are (key, cents) still to be made.

    `due_cents` is what is captured: the order's total when its preparation began. `newcomer` is
    the account that pays and must become a customer at Stripe first.
    """

    payment_id: int
    state: PaymentState
    goal: PaymentGoal
    intent_id: str | None
    asked: Authorisation
    due_cents: Cents
    attempts: int
    refunds: tuple[tuple[str, Cents], ...]
    newcomer: int | None = None


def find_due(session: Session, now: datetime) -> int | None:
    """Return the payment that has waited longest to be looked at, if nobody works on its order."""
    return session.scalar(
        select(Payment.id)
        .join(Order, Order.id == Payment.order_id)
        .where(Payment.retry_at <= now)
        .order_by(Payment.retry_at, Payment.id)
        .limit(1)
        .with_for_update(of=Order, skip_locked=True)
    )


def claim_payment(session: Session, payment_id: int, now: datetime) -> Task | None:
    """Return what is to be asked about a payment; None where nothing is.

    Until a minute is over, workers leave it to whoever claimed it.
    """
    order, payment = lock_payment(session, payment_id)
    if payment.means is not Means.ONLINE_CARD:
        return None
    if payment.stripe_intent_id is None and not _wanted(payment, now):
        # Nobody can pay what Stripe was never, or not audibly, told of: its secret is unknown.
        apply_payment_state(session, order, payment, Outcome(PaymentState.RELEASED), now)
    if payment.state in CLOSED or payment.idempotency_key is None:
        payment.retry_at = None
        return None
    if _may_be_undone(payment, now):
        payment.retry_at = payment.capture_from
        return None
    payment.retry_at = now + LEASE
    requested = [each for each in payment.refunds if each.state is RefundState.REQUESTED]
    connected = _connected_account(session, order)
    payer = None if connected else _payer(session, order)
    return Task(
        payment.id,
        payment.state,
        payment.goal,
        payment.stripe_intent_id,
        Authorisation(
            payment.idempotency_key,
            payment.amount_cents,
            order.number,
            order.email,
            connected,
            payer.stripe_customer_id if payer else None,
        ),
        min(order.revision.total_cents, payment.amount_cents),
        payment.attempts,
        tuple((refund.idempotency_key or "", refund.amount_cents) for refund in requested),
        payer.id if payer and payer.stripe_customer_id is None else None,
    )


def make_due(session: Session, payment_id: int, now: datetime) -> None:
    """Have the worker look at a payment now instead of later."""
    session.execute(
        update(Payment)
        .where(
            Payment.id == payment_id,
            Payment.retry_at > now,
            or_(Payment.capture_from.is_(None), Payment.capture_from <= now),
        )
        .values(retry_at=now)
        .execution_options(synchronize_session=False)
    )


def postpone(session: Session, payment_id: int, now: datetime, refusal: str = "") -> None:
    """Nobody knows, or it was refused for now: ask again, later each time."""
    _, payment = lock_payment(session, payment_id)
    wait = min(FIRST_RETRY * 2 ** min(payment.attempts, 10), MAX_RETRY)
    payment.attempts += 1
    payment.retry_at = now + wait
    payment.refusal = refusal or payment.refusal


def _wanted(payment: Payment, now: datetime) -> bool:
    return payment.goal is PaymentGoal.AUTHORISE and now < payment.created_at + PAYMENT_WINDOW


def _may_be_undone(payment: Payment, now: datetime) -> bool:
    """Whether the step that has a payment captured may still be taken back."""
    held = payment.goal is PaymentGoal.CAPTURE and payment.state is PaymentState.AUTHORISED
    return held and payment.capture_from is not None and now < payment.capture_from


def _payer(session: Session, order: Order) -> Account | None:
    return session.get(Account, order.account_id) if order.account_id else None


def _connected_account(session: Session, order: Order) -> str | None:
    return session.scalar(
        select(LegalEntity.stripe_account)
        .join(Restaurant, Restaurant.legal_entity_id == LegalEntity.id)
        .where(Restaurant.id == order.restaurant_id)
    )

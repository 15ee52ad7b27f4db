"""B31 with a saved card: whether it may pay, and that it was refused."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.card import SavedCard
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order
from ocpizza.models.payment import Payment, PaymentGoal, PaymentState
from ocpizza.models.restaurant import Restaurant
from ocpizza.services.payment.queries import lock_payment


class Payable(NamedTuple):
    """An intent that waits for its card, and the name of its payment at Stripe."""

    intent_id: str
    key: str


def find_payable(session: Session, payment_id: int, card_id: str) -> Payable | None:
    """Return what this card may pay: still awaited, of whoever saved it, at the group's account."""
    query = (
        select(Payment.stripe_intent_id, Payment.idempotency_key)
        .join(Order, Order.id == Payment.order_id)
        .join(SavedCard, SavedCard.account_id == Order.account_id)
        .join(Restaurant, Restaurant.id == Order.restaurant_id)
        .join(LegalEntity, LegalEntity.id == Restaurant.legal_entity_id)
        .where(
            Payment.id == payment_id,
            Payment.state == PaymentState.CREATED,
            Payment.goal == PaymentGoal.AUTHORISE,
            SavedCard.stripe_payment_method_id == card_id,
            LegalEntity.stripe_account.is_(None),
        )
    )
    intent_id, key = session.execute(query).one_or_none() or (None, None)
    return Payable(intent_id, key) if intent_id and key else None


def note_refusal(session: Session, payment_id: int, code: str) -> None:
    """Note why a card was refused, where Stripe says nothing of it with the intent.

    Nothing is refused while Stripe has not told of an intent, nor once the payment is given up.
    """
    _, payment = lock_payment(session, payment_id)
    awaited = payment.state is PaymentState.CREATED and payment.goal is PaymentGoal.AUTHORISE
    if awaited and payment.stripe_intent_id is not None:
        payment.refusal = payment.refusal or code

"""B32: money received at the door or at the counter, with its receipt number."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.payment import Means, Payment, PaymentState, Receipt, payment_status


@dataclass(frozen=True, slots=True)
class Tender:
    """How somebody pays, and with how much, where that is known: cash is given change for."""

    means: Means
    cents: Cents | None = None


@dataclass
class TooLittle(Exception):
    """What was handed over is less than what is due."""

    tendered_cents: Cents
    due_cents: Cents


def record_payment(
    session: Session,
    order: Order,
    tender: Tender,
    recorded_by_id: int | None,
    now: datetime,
) -> Payment | None:
    """Record that the whole of what is due was received; nothing where nothing is due.

    Nothing is due of what is paid online, even while Stripe has not answered yet. `order` must be
    locked by the caller. The receipt is the next one of its legal entity. Raises TooLittle.
    """
    if order.payment_choice is PaymentChoice.ONLINE:
        return None
    payments = list(session.scalars(select(Payment).where(Payment.order_id == order.id)))
    due = order.revision.total_cents - sum(payment.captured_cents for payment in payments)
    if due <= 0:
        return None
    if tender.cents is not None and tender.cents < due:
        raise TooLittle(tender.cents, due)
    payment = Payment(
        order_id=order.id,
        means=tender.means,
        state=PaymentState.CAPTURED,
        amount_cents=due,
        captured_cents=due,
        tendered_cents=tender.cents,
        receipt=next_receipt(session, order, now),
        recorded_by_id=recorded_by_id,
        created_at=now,
        settled_at=now,
        refunds=[],
    )
    session.add(payment)
    order.payment_status = payment_status([*payments, payment])
    return payment


def next_receipt(session: Session, order: Order, now: datetime) -> Receipt:
    """Return the next receipt of the legal entity that sells an order.

    Its row is locked until commit.
    """
    entity = session.scalars(
        select(LegalEntity)
        .where(LegalEntity.id == order.restaurant.legal_entity_id)
        .with_for_update(of=LegalEntity)
        .execution_options(populate_existing=True)
    ).one()
    entity.last_receipt_number += 1
    return Receipt(legal_entity_id=entity.id, number=entity.last_receipt_number, issued_at=now)

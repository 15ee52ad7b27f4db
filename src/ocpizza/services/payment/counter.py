"""B32: money received at the door or at the counter, with its receipt number."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.tender import OtherDue, Part, Tender, TooLittle, TooMuch
from ocpizza.models.legal_entity import LegalEntity
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.order_status import Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentState,
    Receipt,
    kept_cents,
    payment_status,
    received_cents,
)
from ocpizza.models.till import TillSession
from ocpizza.models.vat import Mode
from ocpizza.services.payment.queries import payments_of
from ocpizza.services.till.session import TillClosed, hold_till


@dataclass(frozen=True, slots=True)
class Balance:
    """What is still to be received for an order, or to be given back of what was."""

    due_cents: Cents = 0
    excess_cents: Cents = 0


def balance_of(order: Order, payments: Sequence[Payment], *, cancelling: bool = False) -> Balance:
    """Return how a locked order stands with these, all of its payments, or will once cancelled.

    Of what is paid online nothing is collected, even while Stripe has not answered yet.
    """
    if order.payment_choice is PaymentChoice.ONLINE:
        return Balance()
    cancelled = cancelling or order.status is Status.CANCELLED
    more = received_cents(payments) - (0 if cancelled else order.revision.total_cents)
    due = 0 if cancelled else max(0, -more)
    return Balance(due, max(0, min(more, kept_cents(payments))))


def record_payment(
    session: Session,
    order: Order,
    tender: Tender,
    recorded_by_id: int | None,
    now: datetime,
    *,
    shown_due_cents: Cents | None = None,
) -> Payment | None:
    """Record that the whole of what is due was received; nothing where nothing is due.

    `order` must be locked by the caller. The receipt is the next one of its legal entity. Raises
    OtherDue where the page showed another sum, TooLittle, TooMuch of titres-restaurant, which no
    change is given for, and TillClosed. What is collected at the door is brought to the till later.
    """
    due = balance_of(order, payments_of(session, order.id)).due_cents
    if shown_due_cents not in (None, due):
        raise OtherDue(due)
    if not due:
        return None
    handed = due if tender.cents is None else tender.cents
    if handed < due:
        raise TooLittle(handed, due)
    if handed > due and tender.means is Means.MEAL_VOUCHER:
        raise TooMuch(tender.means, due)
    part = Part(tender.means, due, tender.cents)
    at_till = order.mode is not Mode.DELIVERY
    (payment,) = record_parts(session, order, [part], recorded_by_id, now, at_till=at_till)
    return payment


def record_parts(
    session: Session,
    order: Order,
    parts: Sequence[Part],
    recorded_by_id: int | None,
    now: datetime,
    *,
    at_till: bool,
    key: str | None = None,
) -> list[Payment]:
    """Record what was received of each means for a locked order; `key` is of the form that says so.

    Each has a receipt of its own, and belongs to the till that is open unless a driver received it.
    Raises TillClosed: there is no till to put the cash into.
    """
    till = till_for(session, order, {part.means for part in parts}) if at_till else None
    made = []
    for place, part in enumerate(parts):
        payment = Payment(
            order_id=order.id,
            means=part.means,
            state=PaymentState.CAPTURED,
            amount_cents=part.cents,
            captured_cents=part.cents,
            tendered_cents=part.tendered_cents,
            receipt=next_receipt(session, order, now),
            recorded_by_id=recorded_by_id,
            till_session_id=till.id if till else None,
            idempotency_key=f"{key}-{place}" if key else None,
            created_at=now,
            settled_at=now,
            refunds=[],
        )
        session.add(payment)
        made.append(payment)
    session.flush()
    order.payment_status = payment_status(payments_of(session, order.id))
    forget_sums(session, order)
    return made


def till_for(session: Session, order: Order, means: Collection[Means]) -> TillSession | None:
    """Return the till that money of these means is put into or taken from, held open.

    Without one there is no cash. Raises TillClosed.
    """
    till = hold_till(session, order.restaurant_id)
    if till is None and Means.CASH in means:
        raise TillClosed
    return till


def forget_sums(session: Session, order: Order) -> None:
    """Have what was received for an order be added up anew by whoever asks."""
    # What others see of it is in other tables: its version must say that it has changed.
    order.touch_version()
    session.flush()
    session.expire(order, ["received_cents", "kept_cents"])


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

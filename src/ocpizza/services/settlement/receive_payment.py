"""B32: an order is paid at the till before it is handed over, with one means or several."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.domain.tender import OtherDue, share_out
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment, PaymentEvent, PaymentStatus
from ocpizza.services.locks import lock_order
from ocpizza.services.order.pending_change import abandon_change
from ocpizza.services.payment.counter import balance_of, record_parts
from ocpizza.services.payment.events import record_payment_event
from ocpizza.services.payment.queries import payments_of

# From when it is certain to when it leaves: on the road its driver collects.
PAYABLE = (Status.TO_PREPARE, Status.ACCEPTED, Status.PREPARING, Status.READY)
# What was handed over as paid online and was refused at Stripe since is still owed.
REFUSED = (PaymentStatus.FAILED, PaymentStatus.RELEASED)


@dataclass(frozen=True, slots=True)
class Receiving:
    """What a cashier says: the key of their form, what it said was due, what they were given.

    `partly`: the rest is paid when it is handed over.
    """

    key: str
    shown_due_cents: Cents
    given: Mapping[Means, Cents]
    partly: bool = False


class NotPayable(Exception):
    """Nothing is received at the till for an order like this one."""


def may_be_paid(order: Order) -> bool:
    """Return whether the till may receive money for it now: it is not to be confirmed first."""
    return _payable(order) and order.due_cents > 0


def _payable(order: Order) -> bool:
    refused = order.status is Status.DELIVERED and order.payment_status in REFUSED
    return (order.status in PAYABLE or refused) and order.confirm_by is None


def receive_payment(
    session: Session, order_id: int, said: Receiving, author: Author, now: datetime
) -> list[Payment]:
    """Return the payments, one a means, each with its receipt.

    The same form sent again gives those that it made. What is due is judged once the order is
    locked. Raises NotPayable, OtherDue, TooLittle, TooMuch and TillClosed, with nothing changed.
    """
    order = lock_order(session, order_id)
    payments = payments_of(session, order.id)
    key = f"{order.number}-till-{said.key}"
    if known := [each for each in payments if (each.idempotency_key or "").startswith(key)]:
        return known
    due = balance_of(order, payments).due_cents
    if not _payable(order):
        raise NotPayable
    if due != said.shown_due_cents:
        raise OtherDue(due)
    parts = share_out(due, said.given, partly=said.partly)
    # A dearer order that still waits for a card would be paid for twice.
    abandon_change(session, order, now)
    made = record_parts(session, order, parts, author.account_id, now, at_till=True, key=key)
    record_payment_event(session, order, PaymentEvent.RECEIVED, now, author)
    return made

"""B3: give money back by a manager's decision; what is done at Stripe is written down here too."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author, account_of
from ocpizza.domain.payment import StripeRefund
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentEvent,
    PaymentState,
    Refund,
    RefundReason,
    RefundState,
)
from ocpizza.models.staff_change import Subject
from ocpizza.security_log import Action
from ocpizza.security_notes import note as note_for_security
from ocpizza.services.payment.counter import balance_of, forget_sums, till_for
from ocpizza.services.payment.events import record_payment_event
from ocpizza.services.payment.queries import lock_payment, payments_of
from ocpizza.services.trail.record import Change, Signature, record_change


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """How much is given back, by whom (None is the system), and why."""

    cents: Cents
    author: Author | None
    reason: RefundReason = RefundReason.DECIDED
    note: str = ""
    # Of the form that says that it was given back by hand.
    key: str | None = None
    # Where it was taken from.
    till_session_id: int | None = None
    # What could be given back of all its order by the page that asks, None where no page does.
    shown_cents: Cents | None = None


@dataclass
class MoreThanLeft(Exception):
    """More than can be given back: what is left."""

    left_cents: Cents


def refundable_cents(payment: Payment) -> Cents:
    """Return what of a payment has neither been given back nor is about to be."""
    given = [each.amount_cents for each in payment.refunds if each.state is not RefundState.FAILED]
    return payment.captured_cents - sum(given)


def refundable_of(payments: Iterable[Payment]) -> Cents:
    """Return what of these payments together can still be given back."""
    return sum(refundable_cents(each) for each in payments)


def refund_payment(
    session: Session, payment_id: int, request: RefundRequest, now: datetime
) -> Refund:
    """Return the refund of a part of a payment, decided by a manager. Raises MoreThanLeft,
    StaleVersion where something was given back since the page was shown (it may have been sent
    twice) and, of cash, TillClosed.

    Of what had to be given back anyway it is that first: nobody gives it back again.
    """
    order, payment = lock_payment(session, payment_id)
    left, left_of_all = refundable_cents(payment), refundable_of(payments_of(session, order.id))
    if request.shown_cents not in (None, left_of_all):
        raise StaleVersion
    if payment.state is not PaymentState.CAPTURED or not 0 < request.cents <= left:
        raise MoreThanLeft(left)
    by_hand = payment.means is not Means.ONLINE_CARD
    excess = balance_of(order, payments_of(session, order.id)).excess_cents if by_hand else 0
    owed = min(excess, request.cents)
    till = till_for(session, order, {payment.means}) if by_hand else None
    request = replace(request, till_session_id=till.id if till else None)
    parts = [(owed, why_owed(order)), (request.cents - owed, request.reason)]
    *_, refund = [
        request_refund(session, order, payment, replace(request, cents=cents, reason=why), now)
        for cents, why in parts
        if cents
    ]
    forget_sums(session, order)
    tell_trail(session, order, [payment], request.cents, request.author, now)
    return refund


def why_owed(order: Order) -> RefundReason:
    """Return why what was paid in advance is too much by now."""
    cancelled = order.status is Status.CANCELLED
    return RefundReason.OF_CANCELLED_ORDER if cancelled else RefundReason.OF_CHANGED_ORDER


def tell_trail(
    session: Session,
    order: Order,
    payments: Sequence[Payment],
    cents: Cents,
    author: Author | None,
    now: datetime,
) -> None:
    """Write down that so much more was given back of these payments."""
    given = sum(each.captured_cents - refundable_cents(each) for each in payments)
    # Without its note, which may name the customer and goes with them.
    told = {"refunded_cents": given - cents}, {"refunded_cents": given}
    change = Change(Subject.ORDER, *told, order.restaurant_id, order.number)
    record_change(session, Signature(author, now), change)


def request_refund(
    session: Session,
    order: Order,
    payment: Payment,
    request: RefundRequest,
    now: datetime,
) -> Refund:
    """Return the refund of a part of a payment whose order is locked; Stripe is told later.

    Raises MoreThanLeft, with nothing changed.
    """
    left, cents, author = refundable_cents(payment), request.cents, request.author
    if payment.state is not PaymentState.CAPTURED or not 0 < cents <= left:
        raise MoreThanLeft(left)
    online = payment.means is Means.ONLINE_CARD
    refund = Refund(
        payment_id=payment.id,
        state=RefundState.REQUESTED if online else RefundState.DONE,
        amount_cents=cents,
        reason=request.reason,
        note=request.note,
        author_id=account_of(author),
        idempotency_key=f"{order.number}-refund-{secrets.token_hex(16)}" if online else request.key,
        till_session_id=request.till_session_id,
        requested_at=now,
    )
    payment.refunds.append(refund)
    payment.retry_at = now if online else None
    event = PaymentEvent.REFUND_REQUESTED if online else PaymentEvent.REFUNDED
    record_payment_event(session, order, event, now, author)
    by = {"account": author.account_id, "role": str(author.role)} if author else {}
    note_for_security(session, Action.REFUND, order=order.number, cents=cents, **by)
    return refund


def record_refunds(
    session: Session, payment_id: int, given: Sequence[StripeRefund], now: datetime
) -> None:
    """Write down what Stripe says was given back of a payment, by us or by hand at Stripe."""
    order, payment = lock_payment(session, payment_id)
    for one in given:
        refund = _known(payment, one) or _made_at_stripe(payment, one, now)
        state = RefundState.FAILED if one.failed else RefundState.DONE
        refund.stripe_refund_id = one.id or refund.stripe_refund_id
        if refund.state is not state:
            refund.state = state
            event = PaymentEvent.REFUND_FAILED if one.failed else PaymentEvent.REFUNDED
            record_payment_event(session, order, event, now)
    if not any(each.state is RefundState.REQUESTED for each in payment.refunds):
        payment.retry_at, payment.attempts = None, 0


def _known(payment: Payment, given: StripeRefund) -> Refund | None:
    for refund in payment.refunds:
        if given.key and refund.idempotency_key == given.key:
            return refund
        if given.id and refund.stripe_refund_id == given.id:
            return refund
    return None


def _made_at_stripe(payment: Payment, given: StripeRefund, now: datetime) -> Refund:
    refund = Refund(
        payment_id=payment.id,
        state=RefundState.REQUESTED,
        amount_cents=given.amount_cents,
        reason=RefundReason.GIVEN_AT_STRIPE,
        requested_at=now,
    )
    payment.refunds.append(refund)
    return refund

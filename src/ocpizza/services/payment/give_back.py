"""B32: what was paid in advance and is too much by now goes back by the means that it came by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.author import Author
from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment, Refund
from ocpizza.services.payment.counter import balance_of, forget_sums, till_for
from ocpizza.services.payment.queries import payments_of
from ocpizza.services.payment.refund import (
    RefundRequest,
    refundable_cents,
    request_refund,
    tell_trail,
    why_owed,
)

# What is given back first, where somebody has paid with several.
FIRST = (Means.CASH, Means.CARD_TERMINAL, Means.OTHER, Means.MEAL_VOUCHER)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """What a colleague says that they give back, and the key of the form that says so."""

    cents: Cents
    key: str | None = None


@dataclass
class OtherExcess(Exception):
    """What is to be given back is not what the page showed: this much."""

    cents: Cents


def shares_of(payments: Sequence[Payment], cents: Cents) -> list[tuple[Payment, Cents]]:
    """Return how much of which payment goes back, so that it is so much together."""
    by_hand = [each for each in payments if each.means in FIRST]
    shares = []
    for payment in sorted(by_hand, key=lambda each: (FIRST.index(each.means), -each.id)):
        part = min(cents, refundable_cents(payment))
        if part > 0:
            shares.append((payment, part))
            cents -= part
    return shares


def means_of(shares: Sequence[tuple[Payment, Cents]]) -> dict[Means, Cents]:
    """Return how much goes back by each means."""
    found: dict[Means, Cents] = {}
    for payment, cents in shares:
        found[payment.means] = found.get(payment.means, 0) + cents
    return found


def give_back(
    session: Session, order: Order, said: GivenBack, author: Author, now: datetime, *, at_till: bool
) -> list[Refund]:
    """Return the refunds of what is to be given back of a locked order, all of it.

    The same form sent again gives those that it made. Raises OtherExcess and, of cash that is not
    a driver's, TillClosed, with nothing changed.
    """
    payments = payments_of(session, order.id)
    key = f"{order.number}-back-{said.key}" if said.key else None
    if key and (known := _made_by(payments, key)):
        return known
    excess = balance_of(order, payments).excess_cents
    if excess != said.cents:
        raise OtherExcess(excess)
    made = []
    shares = shares_of(payments, excess)
    means = {payment.means for payment, _ in shares}
    till = till_for(session, order, means) if at_till and shares else None
    till_id = till.id if till else None
    for place, (payment, cents) in enumerate(shares):
        named = f"{key}-{place}" if key else None
        request = RefundRequest(cents, author, why_owed(order), key=named, till_session_id=till_id)
        made.append(request_refund(session, order, payment, request, now))
    if made:
        tell_trail(session, order, payments, sum(each.amount_cents for each in made), author, now)
        forget_sums(session, order)
    return made


def _made_by(payments: Sequence[Payment], key: str) -> list[Refund]:
    return [
        refund
        for payment in payments
        for refund in payment.refunds
        if (refund.idempotency_key or "").startswith(key)
    ]

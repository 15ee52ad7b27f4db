"""What evidently fits, as the database sees it: `ocpizza check` reads and judges only the rest.

Each of these proves what its rule asks of a row, and holds of most. Where it does not hold the row
may fit nonetheless, by a way that is seldom taken: that is the rule's to say, in Python.
"""

from collections.abc import Iterator

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from ocpizza.models.order import TRANSITIONS, Order, PaymentChoice
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import OrderEvent, OrderRevision, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentGoal,
    PaymentState,
    PaymentStatus,
    Refund,
)
from ocpizza.models.payment_sums import received_of
from ocpizza.models.till import TillPieces, TillSession
from ocpizza.models.vat import Mode
from ocpizza.services.till.drawer import expected_by_books

Condition = ColumnElement[bool]
FIRST_STATUSES = (Status.TO_PREPARE, Status.AWAITING_PAYMENT)


def unless(usual: Condition) -> Condition:
    """Return the condition for whatever is to be read: also what is neither so nor not so."""
    return usual.is_not(True)


def revision_is_its_lines() -> Condition:
    """Its lines come to its sums, and the VAT of each is what it contains."""
    base = cast(OrderLine.amount_cents - OrderLine.discount_cents + OrderLine.fee_cents, BigInteger)
    whole = 10_000 + OrderLine.vat_rate
    # As `domain.money` rounds what is not less than nothing.
    contained = (2 * base * OrderLine.vat_rate + whole) // (2 * whole)
    right = and_(base >= 0, OrderLine.vat_cents == contained)
    lines = (
        select(literal(1))
        .where(OrderLine.revision_id == OrderRevision.id)
        .group_by(OrderLine.revision_id)
        .having(
            func.sum(OrderLine.amount_cents) == OrderRevision.subtotal_cents,
            func.sum(OrderLine.discount_cents) == OrderRevision.discount_cents,
            func.sum(OrderLine.fee_cents) == OrderRevision.delivery_fee_cents,
            func.min(case((right, 1), else_=0)) == 1,
        )
    )
    discounted = OrderRevision.subtotal_cents - OrderRevision.discount_cents
    total = discounted + OrderRevision.delivery_fee_cents
    return and_(OrderRevision.total_cents == total, lines.exists())


def order_has_one_current_revision() -> Condition:
    """A unique index keeps it from having two; counted nonetheless."""
    current = select(func.count()).where(
        OrderRevision.order_id == Order.id, OrderRevision.state == RevisionState.CURRENT
    )
    return current.scalar_subquery() == 1


def order_went_a_known_way() -> Condition:
    """Nothing was undone, and its changes of status are a way that leads where it is."""
    changes = or_(OrderEvent.status.is_not(None), OrderEvent.undoes_id.is_not(None))
    steps = (
        select(func.coalesce(type_coerce(OrderEvent.status, String), "undone").label("step"))
        .where(OrderEvent.order_id == Order.id, changes)
        .order_by(OrderEvent.id)
        .correlate(Order)
        .subquery()
    )
    way = select(func.aggregate_strings(steps.c.step, " ")).scalar_subquery()
    mode, status = (type_coerce(column, String) for column in (Order.mode, Order.status))
    return (mode + ":" + status + ":" + way).in_(list(_ways()))


def _ways() -> Iterator[str]:
    """Return every way that TRANSITIONS knows, as the database writes it."""
    ways = [(mode, [first]) for mode in Mode for first in FIRST_STATUSES]
    for mode, way in ways:
        yield f"{mode}:{way[-1]}:{' '.join(way)}"
        for (before, after), modes in TRANSITIONS.items():
            if before is way[-1] and mode in modes:
                ways.append((mode, [*way, after]))


def order_is_as_its_payments() -> Condition:
    """Paid and nothing given back, or unpaid without any payment."""
    payment = exists().where(Payment.order_id == Order.id)
    received = payment.where(Payment.captured_cents > 0)
    given_back = (
        select(Refund.id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.order_id == Order.id)
        .exists()
    )
    return or_(
        and_(Order.payment_status == PaymentStatus.PAID, received, ~given_back),
        and_(Order.payment_status == PaymentStatus.UNPAID, ~payment),
    )


def order_is_paid_online_or_not() -> Condition:
    """One payment was captured, of all that it costs; or it was not paid online and has none.

    Nothing is asked of an order that awaits its payment, which may have any.
    """
    of_it = (Payment.order_id == Order.id, Payment.means == Means.ONLINE_CARD)
    online = select(func.count()).select_from(Payment).where(*of_it).scalar_subquery()
    captured = exists().where(
        *of_it,
        Payment.goal == PaymentGoal.CAPTURE,
        Payment.state == PaymentState.CAPTURED,
        Payment.captured_cents == _costs(),
    )
    begun = [each for each in Status if (each, Status.CANCELLED) not in TRANSITIONS]
    begun.remove(Status.CANCELLED)
    chosen = Order.payment_choice == PaymentChoice.ONLINE
    return or_(
        and_(~chosen, online == 0),
        and_(chosen, Order.status.in_(begun), online == 1, captured),
        Order.status == Status.AWAITING_PAYMENT,
    )


def delivered_for_what_it_costs() -> Condition:
    """What was received is what it costs, and nothing is to be received any more."""
    return and_(Order.status == Status.DELIVERED, received_of(Order.id) == _costs())


def till_is_its_books() -> Condition:
    """What was expected is what the books say, what was counted its pieces."""
    pieces = select(func.coalesce(func.sum(TillPieces.value_cents * TillPieces.pieces), 0)).where(
        TillPieces.till_session_id == TillSession.id
    )
    return and_(
        TillSession.expected_cents == expected_by_books(),
        TillSession.counted_cents == pieces.scalar_subquery(),
    )


def _costs() -> ColumnElement[int]:
    """Return what an order costs as it stands; nothing is known where it stands nowhere."""
    current = select(func.sum(OrderRevision.total_cents)).where(
        OrderRevision.order_id == Order.id, OrderRevision.state == RevisionState.CURRENT
    )
    return current.correlate(Order).scalar_subquery()

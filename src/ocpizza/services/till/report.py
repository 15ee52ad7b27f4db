"""What a till took, read from its payments and refunds and from the lines of their orders."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from ocpizza.domain.till_report import Report, Taken, Taxed, make_report
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.payment import Payment, Refund, RefundState
from ocpizza.models.till import TillMovement, TillSession


def report_of(session: Session, till: TillSession) -> Report:
    """Return the report of a till: X while it is open, Z once it is closed.

    What drivers brought counts as received here. What was paid online, or by card at a door, never
    came by.
    """
    brought = select(TillMovement.id).where(TillMovement.till_session_id == till.id)
    payments = (
        select(Order.id, Order.mode, Payment.means, Payment.captured_cents)
        .join(Order, Order.id == Payment.order_id)
        .where(or_(Payment.till_session_id == till.id, Payment.till_movement_id.in_(brought)))
    )
    refunds = (
        select(Order.id, Order.mode, Payment.means, Refund.amount_cents)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(
            Refund.state != RefundState.FAILED,
            or_(Refund.till_session_id == till.id, Refund.till_movement_id.in_(brought)),
        )
    )
    taken = [Taken(*row) for row in session.execute(payments)]
    taken += [
        Taken(id, mode, means, given_back_cents=cents)
        for id, mode, means, cents in session.execute(refunds)
    ]
    return make_report(taken, _held(session, {each.order_id for each in taken}))


def _held(session: Session, order_ids: Collection[int]) -> dict[int, list[Taxed]]:
    """Return what each order holds by rate, as its receipt says it."""
    gross = OrderLine.amount_cents - OrderLine.discount_cents + OrderLine.fee_cents
    query = (
        select(
            OrderRevision.order_id,
            OrderLine.vat_rate,
            func.sum(gross),
            func.sum(OrderLine.vat_cents),
        )
        .join(OrderLine, OrderLine.revision_id == OrderRevision.id)
        .where(OrderRevision.order_id.in_(order_ids), OrderRevision.state == RevisionState.CURRENT)
        .group_by(OrderRevision.order_id, OrderLine.vat_rate)
        .order_by(OrderRevision.order_id, OrderLine.vat_rate)
    )
    held: dict[int, list[Taxed]] = defaultdict(list)
    for order_id, *sums in session.execute(query):
        held[order_id].append(Taxed(*sums))
    return held

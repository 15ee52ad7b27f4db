"""What a till took, read from its payments and refunds and from the lines of their orders.

X while it is open; Z as it was fixed when it was closed, whatever becomes of its orders.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select
from sqlalchemy.orm import Session

from ocpizza.column_types import Cents
from ocpizza.domain.till_report import Flow, Report, Taken, Taxed, make_report
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import OrderRevision, RevisionState
from ocpizza.models.payment import Means, Payment, Refund, RefundState
from ocpizza.models.till import TillMovement, TillMovementKind, TillSession
from ocpizza.models.vat import Mode
from ocpizza.services.till.drawer import Drawer, drawer_of


@dataclass(frozen=True, slots=True)
class TillReport:
    """What a till took, and what should be in its drawer."""

    sums: Report
    drawer: Drawer


def load_report(session: Session, till: TillSession) -> TillReport:
    """Return X of a till that is open, Z of one that is closed.

    Of one that was closed before Z was fixed, what its books say now.
    """
    if till.report is None:
        return compute_report(session, till)
    return read_report(till.float_cents, till.report)


def compute_report(session: Session, till: TillSession) -> TillReport:
    """Return what the books say of a till now."""
    return TillReport(report_of(session, till), drawer_of(session, till))


def fixed(report: TillReport) -> dict[str, Any]:
    """Return a report as a closed till keeps it."""
    sums, drawer = report.sums, report.drawer
    return {
        "orders": sums.orders,
        "means": _flows(sums.means),
        "modes": _flows(sums.modes),
        "vat": {str(rate): [each.gross_cents, each.vat_cents] for rate, each in sums.vat.items()},
        "drawer": [drawer.received_cents, drawer.given_back_cents, drawer.moved_cents],
    }


def read_report(float_cents: Cents, kept: dict[str, Any]) -> TillReport:
    """Return the report that a closed till keeps."""
    sums = Report(
        {Means(name): Flow(*cents) for name, cents in kept["means"].items()},
        {Mode(name): Flow(*cents) for name, cents in kept["modes"].items()},
        {int(rate): Taxed(int(rate), *cents) for rate, cents in kept["vat"].items()},
        kept["orders"],
    )
    return TillReport(sums, Drawer(float_cents, *kept["drawer"]))


def moved_by_kind(movements: Iterable[TillMovement]) -> dict[TillMovementKind, Cents]:
    """Return how much cash moved for each reason that there was."""
    found: dict[TillMovementKind, Cents] = defaultdict(int)
    for each in movements:
        found[each.kind] += each.delta_cents
    return {kind: found[kind] for kind in TillMovementKind if kind in found}


def report_of(session: Session, till: TillSession) -> Report:
    """Return what a till took by its books.

    What drivers brought counts as received here. What was paid online, or by card at a door, never
    came by.
    """
    taken = _taken(session, till.id)
    return make_report(taken, _held(session, {each.order_id for each in taken}))


def _taken(session: Session, till_id: int) -> list[Taken]:
    """Return what a till received, and gave back, of each order by each means."""
    payments = select(Order.id, Order.mode, Payment.means, Payment.captured_cents).join(
        Order, Order.id == Payment.order_id
    )
    refunds = (
        select(Order.id, Order.mode, Payment.means, Refund.amount_cents)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(Refund.state != RefundState.FAILED)
    )
    received = _rows(session, payments, Payment, till_id)
    given_back = _rows(session, refunds, Refund, till_id)
    return [
        *(Taken(id, mode, means, cents) for id, mode, means, cents in received),
        *(Taken(id, mode, means, 0, cents) for id, mode, means, cents in given_back),
    ]


def flows_of(session: Session, till_ids: Collection[int]) -> dict[int, dict[Means, Flow]]:
    """Return what each of some tills received, and gave back, by means: few rows for many tills."""
    payments = select(Payment.means, func.sum(Payment.captured_cents), literal(0))
    refunds = (
        select(Payment.means, literal(0), func.sum(Refund.amount_cents))
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.state != RefundState.FAILED)
    )
    found: dict[int, dict[Means, Flow]] = {till_id: {} for till_id in till_ids}
    for query, table in ((payments, Payment), (refunds, Refund)):
        for part, till_id in _ways(query, table):
            part = part.add_columns(till_id).where(till_id.in_(till_ids))
            for means, received, given_back, till in session.execute(
                part.group_by(till_id, Payment.means)
            ):
                flow = found[till].setdefault(means, Flow())
                flow.received_cents += received
                flow.given_back_cents += given_back
    return found


def _rows(
    session: Session, query: Select[*tuple[Any, ...]], table: type[Payment | Refund], till_id: int
) -> list[Any]:
    return [
        row
        for part, of_till in _ways(query, table)
        for row in session.execute(part.where(of_till == till_id))
    ]


def _ways(
    query: Select[*tuple[Any, ...]], table: type[Payment | Refund]
) -> Iterator[tuple[Select[*tuple[Any, ...]], Any]]:
    """Return what was at the counter, then what drivers brought: each with the column, of an index
    of its own, that says of which till.
    """
    yield query, table.till_session_id
    brought = query.join(TillMovement, TillMovement.id == table.till_movement_id)
    yield brought, TillMovement.till_session_id


def _flows(flows: dict[Any, Flow]) -> dict[str, list[Cents]]:
    return {str(key): [each.received_cents, each.given_back_cents] for key, each in flows.items()}


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

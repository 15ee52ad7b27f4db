"""What `ocpizza check` recomputes of money received by hand: at the till and at the door."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from itertools import chain

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, selectinload

from ocpizza.db import in_blocks
from ocpizza.domain.cash import worth
from ocpizza.domain.till_report import Flow
from ocpizza.models.order import MONEY_RECEIVED, Order, PaymentChoice
from ocpizza.models.order_revision import OrderEvent, RevisionState
from ocpizza.models.order_status import Status
from ocpizza.models.payment import (
    Means,
    Payment,
    PaymentStatus,
    Refund,
    kept_cents,
    received_cents,
)
from ocpizza.models.till import TillMovement, TillSession
from ocpizza.operations.check_usual import (
    delivered_for_what_it_costs,
    till_is_its_books,
    unless,
)
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.report import TillReport, flows_of, read_report

Problems = Iterator[str]
A_DAY = timedelta(days=1)
HELD = (RevisionState.CURRENT, RevisionState.REPLACED)


def money_by_hand_fits_its_order(session: Session) -> Problems:
    """Never more was received than an order has cost at a time, and in the end what it costs."""
    query = (
        select(Order)
        .where(
            Order.payment_choice == PaymentChoice.ON_DELIVERY,
            Order.payment_status.in_(MONEY_RECEIVED),
            unless(delivered_for_what_it_costs()),
        )
        .options(selectinload(Order.revisions))
    )
    for orders in in_blocks(session, query, Order.id):
        payments = defaultdict(list)
        of_these = Payment.order_id.in_([order.id for order in orders])
        found = select(Payment).where(of_these).options(selectinload(Payment.refunds))
        for payment in session.scalars(found):
            payments[payment.order_id].append(payment)
        for order in orders:
            received = received_cents(payments[order.id])
            totals = {each.state: each.total_cents for each in order.revisions}
            most = max(each.total_cents for each in order.revisions if each.state in HELD)
            if received > most:
                yield f"order {order.number} cost {most} at most, {received} was received"
            elif order.status is not Status.DELIVERED:
                continue
            # What is kept of it is all that can be given back: a gesture may have been more.
            elif received < (costs := totals[RevisionState.CURRENT]) or (
                received > costs and kept_cents(payments[order.id])
            ):
                yield (
                    f"order {order.number} was delivered, it costs {costs} and {received} was "
                    "received"
                )


def tills_were_closed_on_their_books(session: Session) -> Problems:
    """What was expected is what the books say, what was counted is its pieces."""
    query = select(TillSession).where(
        TillSession.closed_at.is_not(None), unless(till_is_its_books())
    )
    query = query.options(selectinload(TillSession.pieces))
    for till in chain.from_iterable(in_blocks(session, query, TillSession.id)):
        name = f"till {till.number} of restaurant {till.restaurant_id}"
        expected = drawer_of(session, till).expected_cents
        if till.expected_cents != expected:
            yield f"{name} expected {till.expected_cents}, its books say {expected}"
        counted = worth({each.value_cents: each.pieces for each in till.pieces})
        if till.counted_cents != counted:
            yield f"{name} counted {till.counted_cents}, its pieces are worth {counted}"


def tills_are_numbered_without_a_gap(session: Session) -> Problems:
    last, count = func.max(TillSession.number), func.count(TillSession.number)
    query = select(TillSession.restaurant_id, last, count).group_by(TillSession.restaurant_id)
    for restaurant_id, highest, closed in session.execute(query.having(last != count)):
        yield f"restaurant {restaurant_id} closed {closed} tills up to number {highest}"


def z_reports_fit_their_payments(session: Session) -> Problems:
    """By means a Z says what its payments and refunds say; its other tables come to the same."""
    query = select(TillSession).where(
        TillSession.closed_at.is_not(None), TillSession.report.is_not(None)
    )
    for tills in in_blocks(session, query, TillSession.id):
        flows = flows_of(session, [till.id for till in tills])
        for till in tills:
            # Of one that was closed before Z was fixed, JSON may say so, too.
            if till.report is not None:
                kept = read_report(till.float_cents, till.report)
                yield from _unlike(till, kept, flows[till.id])


def _unlike(till: TillSession, kept: TillReport, now: Mapping[Means, Flow]) -> Problems:
    name = f"Z {till.number} of restaurant {till.restaurant_id}"
    sums = kept.sums
    if sums.means != now:
        yield f"{name} says {_said(sums.means)}, its payments say {_said(now)}"
    for table, net in (
        ("modes", sum(flow.net_cents for flow in sums.modes.values())),
        ("VAT rates", sum(taxed.gross_cents for taxed in sums.vat.values())),
    ):
        if net != sums.net_cents:
            yield f"{name} comes to {sums.net_cents}, its {table} to {net}"
    if kept.drawer.expected_cents != till.expected_cents:
        expected = kept.drawer.expected_cents
        yield f"{name} expects {expected}, its till {till.expected_cents}"


def _said(means: Mapping[Means, Flow]) -> str:
    each = (f"{key} {flow.received_cents}-{flow.given_back_cents}" for key, flow in means.items())
    return ", ".join(each) or "nothing"


def drivers_brought_what_their_movements_say(session: Session) -> Problems:
    """What a movement expected is the cash of the payments and refunds that it settled."""
    received = (
        select(func.coalesce(func.sum(Payment.captured_cents), 0))
        .where(Payment.till_movement_id == TillMovement.id)
        .scalar_subquery()
    )
    given_back = (
        select(func.coalesce(func.sum(Refund.amount_cents), 0))
        .where(Refund.till_movement_id == TillMovement.id)
        .scalar_subquery()
    )
    net = received - given_back
    query = select(TillMovement.id, TillMovement.expected_cents, net)
    for id, expected, found in session.execute(
        query.where(func.coalesce(TillMovement.expected_cents, 0) != net)
    ):
        yield f"till movement {id} expected {expected or 0}, it settled {found}"


def delivered_orders_were_paid(session: Session) -> Problems:
    """Of what was delivered a day before the last that happened, nothing is still to be paid."""
    last = session.scalar(select(func.max(OrderEvent.at)))
    if last is None:
        return
    long_ago = exists().where(
        OrderEvent.order_id == Order.id,
        OrderEvent.status == Status.DELIVERED,
        OrderEvent.at < last - A_DAY,
    )
    query = (
        select(Order)
        .where(
            Order.status == Status.DELIVERED,
            Order.payment_status == PaymentStatus.UNPAID,
            long_ago,
        )
        .options(selectinload(Order.revisions))
    )
    for order in chain.from_iterable(in_blocks(session, query, Order.id)):
        if cents := order.revision.total_cents:
            yield f"order {order.number} was delivered more than a day ago, nobody paid its {cents}"


TILL_RULES: tuple[Callable[[Session], Problems], ...] = (
    money_by_hand_fits_its_order,
    tills_were_closed_on_their_books,
    tills_are_numbered_without_a_gap,
    z_reports_fit_their_payments,
    drivers_brought_what_their_movements_say,
)

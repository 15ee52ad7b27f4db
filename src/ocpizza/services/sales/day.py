"""A business day's figures, from the orders of that day alone, which an index finds."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from ocpizza.column_types import Cents
from ocpizza.domain.hours import business_day, span
from ocpizza.domain.sales import Figures
from ocpizza.models.order import MONEY_RECEIVED, Order
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_revision import EventKind, OrderEvent, OrderRevision, RevisionState
from ocpizza.models.order_status import OPEN, Status
from ocpizza.models.payment import Payment, Refund, RefundReason, RefundState
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.vat import Mode

CURRENT = and_(OrderRevision.order_id == Order.id, OrderRevision.state == RevisionState.CURRENT)
# Handed over, or paid for and not handed over. What was paid for and cancelled goes back: no sale.
SOLD = or_(
    Order.status == Status.DELIVERED,
    and_(Order.status == Status.NOT_DELIVERED, Order.payment_status.in_(MONEY_RECEIVED)),
)
# What made up for an order that was cancelled or became cheaper is no part of what was sold.
_NEVERSOLD = (RefundReason.OF_CANCELLED_ORDER, RefundReason.OF_CHANGED_ORDER)


class Turnover(NamedTuple):
    """How many orders were handed over or paid for, and what they come to."""

    orders: int
    cents: Cents


def figures_of(session: Session, restaurant_id: int, day: date) -> tuple[Figures, int]:
    """Return what was sold on a business day so far, and how many of its orders are still open."""
    orders = _orders_of(session, restaurant_id, day)
    figures = replace(_sum(orders, day), refunded_cents=_refunded(session, restaurant_id, day))
    return figures, sum(order.status in OPEN for order in orders)


def figures_by_way(session: Session, restaurant_id: int, day: date) -> tuple[Figures, Figures]:
    """Return what was brought to a door on a business day so far, and what was sold otherwise.

    What was refunded is in neither.
    """
    orders = _orders_of(session, restaurant_id, day)
    brought = [order for order in orders if order.mode is Mode.DELIVERY]
    collected = [order for order in orders if order.mode is not Mode.DELIVERY]
    return _sum(brought, day), _sum(collected, day)


def turnover_until(session: Session, restaurant_id: int, day: date, until: datetime) -> Turnover:
    """Return what a restaurant had sold of a business day by a moment of it."""
    ended = exists().where(
        OrderEvent.order_id == Order.id,
        OrderEvent.kind == EventKind.STATUS,
        OrderEvent.status == Order.status,
        OrderEvent.at <= until,
    )
    query = (
        select(func.count(), func.coalesce(func.sum(OrderRevision.total_cents), 0))
        .select_from(Order)
        .join(OrderRevision, CURRENT)
        .where(Order.restaurant_id == restaurant_id, Order.business_day == day, SOLD, ended)
    )
    return Turnover(*session.execute(query).one())


def placed_until(session: Session, restaurant_id: int, day: date, until: datetime) -> int:
    """Return how many orders of a business day had come by a moment of it."""
    query = select(func.count()).where(
        Order.restaurant_id == restaurant_id, Order.business_day == day, Order.placed_at <= until
    )
    return session.scalars(query).one()


def turnovers(session: Session, day: date) -> dict[int, Turnover]:
    """Return what every restaurant has sold on a business day so far, by its id."""
    query = (
        select(Order.restaurant_id, func.count(), func.sum(OrderRevision.total_cents))
        .join(OrderRevision, CURRENT)
        .where(Order.restaurant_id.in_(select(Restaurant.id)), Order.business_day == day, SOLD)
        .group_by(Order.restaurant_id)
    )
    return {own: Turnover(*sums) for own, *sums in session.execute(query)}


def _orders_of(session: Session, restaurant_id: int, day: date) -> Sequence[Row[Any]]:
    return session.execute(_orders(), {"restaurant_id": restaurant_id, "day": day}).all()


def _sum(orders: Iterable[Row[Any]], day: date) -> Figures:
    sums: Counter[str] = Counter()
    for order in orders:
        sums.update(_figures(order, day))
    return Figures(**sums)


def _figures(order: Row[Any], day: date) -> dict[str, int]:
    if order.status in OPEN:
        return {}
    found = {
        "cancelled": int(order.status is Status.CANCELLED),
        "not_delivered": int(order.status is Status.NOT_DELIVERED),
    }
    lost = order.status is Status.NOT_DELIVERED and order.payment_status in MONEY_RECEIVED
    if order.status is Status.DELIVERED or lost:
        found |= {"orders": 1, "turnover_cents": order.total_cents, "vat_cents": order.vat_cents}
    if order.status is Status.DELIVERED and order.done_at and order.done_at > order.expected_at:
        found["late"] = 1
    # One that is found on the board another day was not waited for until then.
    in_time = order.delivered_at and business_day(order.delivered_at) == day
    if in_time and order.wished_at is None:
        waited = order.delivered_at - order.placed_at
        found |= {"timed_orders": 1, "waited_seconds": round(waited.total_seconds())}
    return found


@cache
def _orders() -> Select[*tuple[Any, ...]]:
    contained = select(func.coalesce(func.sum(OrderLine.vat_cents), 0))
    vat = contained.where(OrderLine.revision_id == OrderRevision.id)
    delivered = and_(
        OrderEvent.order_id == Order.id,
        OrderEvent.kind == EventKind.STATUS,
        OrderEvent.status == Status.DELIVERED,
        _stands(OrderEvent),
    )
    # Whoever comes late for what is ready was not kept waiting. It may have been ready before by a
    # wrong tap: the last time counts, and the order once.
    done, by_driver = aliased(OrderEvent), Order.mode == Mode.DELIVERY
    all_done = select(func.max(done.at)).where(
        done.order_id == Order.id,
        done.kind == EventKind.STATUS,
        done.status == case((by_driver, Status.DELIVERED), else_=Status.READY),
        _stands(done),
    )
    return (
        select(
            Order.mode,
            Order.status,
            Order.payment_status,
            Order.placed_at,
            Order.wished_at,
            OrderRevision.total_cents,
            vat.scalar_subquery().label("vat_cents"),
            Order.expected_at,
            OrderEvent.at.label("delivered_at"),
            all_done.scalar_subquery().label("done_at"),
        )
        .join(OrderRevision, CURRENT)
        .outerjoin(OrderEvent, delivered)
        .where(
            Order.restaurant_id == bindparam("restaurant_id"),
            Order.business_day == bindparam("day"),
        )
    )


def _stands(event: Any) -> ColumnElement[bool]:
    """Whether nobody took a change of status back: one that came again is one, not two."""
    back = aliased(OrderEvent)
    return ~exists().where(back.undoes_id == event.id).correlate(event)


def _refunded(session: Session, restaurant_id: int, day: date) -> Cents:
    begins, ends = span(day)
    given = (
        select(func.coalesce(func.sum(Refund.amount_cents), 0))
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(
            Refund.requested_at >= begins,
            Refund.requested_at < ends,
            Refund.state != RefundState.FAILED,
            Refund.reason.not_in(_NEVERSOLD),
            Order.restaurant_id == restaurant_id,
        )
    )
    return session.scalars(given).one()

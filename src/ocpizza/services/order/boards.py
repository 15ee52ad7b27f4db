"""UC4.5, UC4.1: the orders that somebody works on."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from ocpizza.models.order import Order
from ocpizza.models.order_status import OPEN, UNDER_WAY, Status
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.vat import Mode
from ocpizza.services.order.queries import whole_contents


def orders_of(session: Session, restaurant_id: int, statuses: Collection[Status]) -> list[Order]:
    """Return a restaurant's orders in these statuses, the oldest first, with their contents."""
    query = _of(restaurant_id, statuses).options(*whole_contents())
    return list(session.scalars(query.order_by(Order.placed_at, Order.id)).unique())


def deliveries_of(session: Session, restaurant_id: int, driver_id: int | None) -> list[Order]:
    """Return ready deliveries and the driver's own on the road; without a driver, everybody's.

    Those on the road come first, each by the time that was promised.
    """
    mine = Order.status == Status.READY
    on_the_road = Order.status == Status.OUT_FOR_DELIVERY
    if driver_id is not None:
        on_the_road &= Order.driver_id == driver_id
    query = (
        _of(restaurant_id, (Status.READY, Status.OUT_FOR_DELIVERY))
        .where(Order.mode == Mode.DELIVERY, or_(mine, on_the_road))
        .options(*whole_contents(), joinedload(Order.driver))
        .order_by(Order.status == Status.READY, Order.expected_at, Order.id)
    )
    return list(session.scalars(query).unique())


def handovers_of(session: Session, restaurant_id: int) -> list[Order]:
    """Return take-away and counter orders that wait for their customer."""
    query = (
        _of(restaurant_id, (Status.READY,))
        .where(Order.mode != Mode.DELIVERY)
        .options(*whole_contents())
        .order_by(Order.expected_at, Order.id)
    )
    return list(session.scalars(query).unique())


def calls_of(session: Session, restaurant_id: int) -> list[Order]:
    """Return orders that the counter has still to confirm by telephone, the most urgent first."""
    query = _of(restaurant_id, (Status.TO_PREPARE,)).where(Order.confirm_by.is_not(None))
    query = query.options(*whole_contents()).order_by(Order.confirm_by, Order.id)
    return list(session.scalars(query).unique())


@dataclass(frozen=True, slots=True)
class Workload:
    """How many orders are under way at a restaurant, and how many of them are late."""

    under_way: int
    late: int


def workloads(session: Session, now: datetime) -> dict[int, Workload]:
    """Return the workload of every restaurant that has one, by its id."""
    # Restaurants are named, as everywhere, so that the index of orders is read from there.
    late = func.count(case((Order.expected_at < now, 1)))
    query = (
        select(Order.restaurant_id, func.count(), late)
        .where(Order.restaurant_id.in_(select(Restaurant.id)), Order.status.in_(UNDER_WAY))
        .group_by(Order.restaurant_id)
    )
    return {own: Workload(*counts) for own, *counts in session.execute(query)}


def promised_times(session: Session, restaurant_id: int) -> list[tuple[str, datetime]]:
    """Return number and promised time of each order under way at a restaurant, the first first."""
    promised = select(Order.number, Order.expected_at).where(
        Order.restaurant_id == restaurant_id, Order.status.in_(UNDER_WAY)
    )
    rows = session.execute(promised.order_by(Order.expected_at, Order.id))
    return [(row.number, row.expected_at) for row in rows]


@dataclass(frozen=True, slots=True)
class Standing:
    """A restaurant's open orders: how many in each status, and those that are late."""

    counts: dict[Status, int]
    late: list[Order]


def standing(session: Session, restaurant_id: int, now: datetime) -> Standing:
    """Return how a restaurant's open orders stand; the latest of the late ones first."""
    orders = session.scalars(_of(restaurant_id, OPEN).order_by(Order.expected_at, Order.id)).all()
    counts = {status: sum(order.status is status for order in orders) for status in OPEN}
    return Standing(counts, [order for order in orders if order.is_late(now)])


def board_version(session: Session, restaurant_id: int | None) -> str:
    """Return a text that changes whenever an order comes to this restaurant's boards, or to any
    restaurant's, changes or leaves.

    It reads what is on them: an order of yesterday costs nothing.
    """
    there = select(Order.id, Order.version).where(Order.status.in_(OPEN))
    if restaurant_id is None:
        there = there.where(Order.restaurant_id.in_(select(Restaurant.id)))
    else:
        there = there.where(Order.restaurant_id == restaurant_id)
    versions = sorted((row.id, row.version) for row in session.execute(there))
    return hashlib.sha256(repr(versions).encode()).hexdigest()[:32]


def _of(restaurant_id: int, statuses: Collection[Status]) -> Select[Order]:
    return select(Order).where(Order.restaurant_id == restaurant_id, Order.status.in_(statuses))

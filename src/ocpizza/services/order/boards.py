"""UC4.5, UC4.1: the orders that somebody works on."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from ocpizza.models.catalogue_state import CatalogueState
from ocpizza.models.order import Order
from ocpizza.models.order_status import IN_THE_KITCHEN, OPEN, UNDER_WAY, Status
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.vat import Mode
from ocpizza.services.order.queries import whole_contents


class Card(NamedTuple):
    """How an order stands on a board: what else is shown of it changes with its `version`, or with
    the catalogue's token.
    """

    id: int
    number: str
    version: int
    status: Status
    mode: Mode
    expected_at: datetime
    confirm_by: datetime | None
    catalogue_token: str


def _cards(*conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """Return the statement for the cards of a restaurant's board."""
    columns = (getattr(Order, name) for name in Card._fields[:-1])
    here = Order.restaurant_id == bindparam("restaurant_id")
    token = select(CatalogueState.token).scalar_subquery()
    return select(*columns, token).where(here, *conditions)


READY = Order.status == Status.READY
TO_CALL = and_(Order.status == Status.TO_PREPARE, Order.confirm_by.is_not(None))
DRIVEN = and_(
    Order.status.in_((Status.READY, Status.OUT_FOR_DELIVERY)), Order.mode == Mode.DELIVERY
)
OWN = or_(READY, Order.driver_id == bindparam("driver_id"))
OF_KITCHEN = _cards(Order.status.in_(IN_THE_KITCHEN)).order_by(Order.placed_at, Order.id)
OF_COUNTER = _cards(or_(and_(READY, Order.mode != Mode.DELIVERY), TO_CALL)).order_by(
    # Who is to be called comes first, by when; then what was promised first.
    Order.status == Status.READY,
    case((READY, Order.expected_at), else_=Order.confirm_by),
    Order.id,
)
OF_DRIVER, OF_DRIVERS = _cards(DRIVEN, OWN), _cards(DRIVEN)


def kitchen_cards(session: Session, restaurant_id: int) -> list[Card]:
    """Return what the kitchen works on, the oldest first."""
    return _read(session, OF_KITCHEN, restaurant_id=restaurant_id)


def counter_cards(session: Session, restaurant_id: int) -> list[Card]:
    """Return the orders that the counter has still to confirm by telephone, the most urgent first,
    then those that wait for their customer.
    """
    return _read(session, OF_COUNTER, restaurant_id=restaurant_id)


def delivery_cards(session: Session, restaurant_id: int, driver_id: int | None) -> list[Card]:
    """Return the orders of `deliveries_of`, in any order."""
    if driver_id is None:
        return _read(session, OF_DRIVERS, restaurant_id=restaurant_id)
    return _read(session, OF_DRIVER, restaurant_id=restaurant_id, driver_id=driver_id)


def _read(session: Session, statement: Select[*tuple[Any, ...]], **values: int) -> list[Card]:
    return [Card(*row) for row in session.execute(statement, values)]


def load_tickets(session: Session, ids: Collection[int]) -> list[Order]:
    """Return these orders with their contents, in any order."""
    return list(session.scalars(_whole_by_id(), {"ids": list(ids)}).unique()) if ids else []


@cache
def _whole_by_id() -> Select[Order]:
    wanted = Order.id.in_(bindparam("ids", expanding=True))
    return select(Order).where(wanted).options(*whole_contents())


def deliveries_of(session: Session, restaurant_id: int, driver_id: int | None) -> list[Order]:
    """Return ready deliveries and the driver's own on the road; without a driver, everybody's.

    Those on the road come first, each by the time that was promised.
    """
    query = (
        select(Order)
        .where(Order.restaurant_id == restaurant_id, DRIVEN)
        .options(*whole_contents(), joinedload(Order.driver))
        .order_by(READY, Order.expected_at, Order.id)
    )
    if driver_id is not None:
        query = query.where(OWN)
    return list(session.scalars(query, {"driver_id": driver_id}).unique())


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
    open_here = select(Order).where(Order.restaurant_id == restaurant_id, Order.status.in_(OPEN))
    orders = session.scalars(open_here.order_by(Order.expected_at, Order.id)).all()
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

"""UC6.1: all orders of a restaurant, whatever their status, the newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlalchemy import ColumnElement, Select, and_, select, tuple_
from sqlalchemy.orm import Session, joinedload, undefer_group

from ocpizza.domain.order_search import Sought
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.services.order.queries import find_order

PAGE, BLOCK = 50, 500
_KEY = (Order.business_day, Order.placed_at, Order.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which orders: of business days from `first` to `last`, both included; None is any."""

    first: date
    last: date
    status: Status | None = None
    mode: Mode | None = None
    source: Source | None = None
    sought: Sought | None = None


@dataclass(frozen=True, slots=True)
class Followed:
    """A page of orders, and whether there are older ones."""

    orders: Sequence[Order]
    older: bool


def follow_orders(
    session: Session, restaurant_id: int, wanted: Filter, before: str = ""
) -> Followed:
    """Return the newest orders, or those just before the one with this number."""
    last = find_order(session, before, restaurant_id) if before else None
    found = list(islice(every_order(session, restaurant_id, wanted, last, PAGE + 1), PAGE + 1))
    return Followed(found[:PAGE], len(found) > PAGE)


def every_order(
    session: Session,
    restaurant_id: int,
    wanted: Filter,
    before: Order | None = None,
    block: int = BLOCK,
) -> Iterator[Order]:
    """Return the orders one after the other, read in blocks.

    Whom an order is for is compared by meaning, which databases do each in their own way: that is
    done here, among the orders of a period.
    """
    query, block = _query(restaurant_id, wanted), BLOCK if wanted.sought else block
    while True:
        rows = session.scalars(query.where(*_older(before)).limit(block)).all()
        for order in rows:
            sought = wanted.sought
            if not sought or sought.fits(order.contact_name, order.phone, order.email):
                yield order
        if len(rows) < block:
            return
        before = rows[-1]


def _query(restaurant_id: int, wanted: Filter) -> Select[Order]:
    exact = {Order.status: wanted.status, Order.mode: wanted.mode, Order.source: wanted.source}
    return (
        select(Order)
        .where(
            Order.restaurant_id == restaurant_id,
            Order.business_day.between(wanted.first, wanted.last),
            *(column == value for column, value in exact.items() if value is not None),
        )
        .options(joinedload(Order.revision), undefer_group("money"))
        .order_by(*(column.desc() for column in _KEY))
    )


def _older(before: Order | None) -> list[ColumnElement[bool]]:
    if before is None:
        return []
    key = (before.business_day, before.placed_at, before.id)
    # The day by itself, so that its index is read from there.
    return [and_(Order.business_day <= before.business_day, tuple_(*_KEY) < key)]

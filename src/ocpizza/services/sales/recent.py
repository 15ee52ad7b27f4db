"""What a restaurant sold in the last weeks, product by product: counted once a morning."""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from ocpizza.domain.hours import business_day
from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.recent_sale import RecentSale
from ocpizza.services.locks import lock_catalogue
from ocpizza.services.sales.day import CURRENT, SOLD

RECENT = timedelta(weeks=4)


def count_recent_sales(session: Session, restaurant_id: int, now: datetime) -> None:
    """Keep how many of each product were sold in the four weeks before today."""
    today = business_day(now)
    values = {"restaurant_id": restaurant_id, "first": today - RECENT, "today": today}
    sold = {row.product_id: row.number for row in session.execute(_sold(), values)}
    lock_catalogue(session)
    rows = session.scalars(select(RecentSale).filter_by(restaurant_id=restaurant_id))
    known = {row.product_id: row for row in rows}
    for id in known.keys() - sold.keys():
        session.delete(known[id])
    for id, number in sold.items():
        if id not in known:
            session.add(RecentSale(restaurant_id=restaurant_id, product_id=id, sold=number))
        elif known[id].sold != number:
            known[id].sold = number


@cache
def _sold() -> Select[*tuple[Any, ...]]:
    return (
        select(OrderLinePart.product_id, func.sum(OrderLine.quantity).label("number"))
        .join(OrderLine, OrderLine.id == OrderLinePart.line_id)
        .join(OrderRevision, OrderRevision.id == OrderLine.revision_id)
        .join(Order, CURRENT)
        .where(
            Order.restaurant_id == bindparam("restaurant_id"),
            Order.business_day >= bindparam("first"),
            Order.business_day < bindparam("today"),
            SOLD,
        )
        .group_by(OrderLinePart.product_id)
    )

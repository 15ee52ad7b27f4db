"""UC3.1: a customer's own orders, page by page, and the one that they might have again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select, tuple_
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from ocpizza.models.order import Order
from ocpizza.models.order_line import OrderLine, OrderLinePart
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.order_status import Status
from ocpizza.models.picture import Picture
from ocpizza.models.product import Product
from ocpizza.services.order.queries import find_own_order, whole_contents

PAGE = 10
# Orders that nobody would have again.
IN_VAIN = (Status.AWAITING_PAYMENT, Status.CANCELLED, Status.NOT_DELIVERED)
_when = tuple_(Order.placed_at, Order.id)


@dataclass(frozen=True, slots=True)
class OrderPage:
    """A page of orders, the newest first, and whether there are `newer` or `older` ones."""

    orders: Sequence[Order]
    newer: bool = False
    older: bool = False


def list_own_orders(
    session: Session, account_id: int, before: str = "", after: str = ""
) -> OrderPage:
    """Return a page of an account's orders: the newest, or those just before or after a number.

    A number that is none of theirs, or beyond which there is no page, leads to the newest.
    """
    if before and (order := find_own_order(session, account_id, before)):
        older = _read(session, account_id, _when < _key(order))
        if older:
            return OrderPage(older[:PAGE], newer=True, older=len(older) > PAGE)
    if after and (order := find_own_order(session, account_id, after)):
        newer = _read(session, account_id, _when > _key(order), backwards=True)
        if len(newer) > PAGE:
            return OrderPage(newer[PAGE - 1 :: -1], newer=True, older=True)
    newest = _read(session, account_id)
    return OrderPage(newest[:PAGE], older=len(newest) > PAGE)


def last_order(session: Session, account_id: int) -> Order | None:
    """Return the newest order of an account that came or is to come, with all that lists show."""
    return next(iter(_read(session, account_id, Order.status.not_in(IN_VAIN), limit=1)), None)


def _photos() -> LoaderOption:
    """Return the option that loads which photo shows each product."""
    parts = joinedload(Order.revision).selectinload(OrderRevision.lines).joinedload(OrderLine.parts)
    product = parts.joinedload(OrderLinePart.product)
    return product.joinedload(Product.picture).load_only(Picture.sha256)


def _key(order: Order) -> tuple[datetime, int]:
    return order.placed_at, order.id


def _read(
    session: Session,
    account_id: int,
    *where: ColumnElement[bool],
    backwards: bool = False,
    limit: int = PAGE + 1,
) -> Sequence[Order]:
    """Return one order more than a page holds, so that one knows whether there is another page."""
    order = (Order.placed_at, Order.id) if backwards else (Order.placed_at.desc(), Order.id.desc())
    query = (
        select(Order)
        .where(Order.account_id == account_id, *where)
        .options(joinedload(Order.restaurant), *whole_contents(), _photos())
        .order_by(*order)
        .limit(limit)
    )
    return session.scalars(query).unique().all()

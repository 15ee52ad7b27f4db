"""UC1.2 by telephone: who calls, among those who have ordered at this restaurant."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, literal, literal_column, select
from sqlalchemy.orm import Session

from ocpizza.domain.caller import Caller, Trace, callers_in
from ocpizza.domain.order_search import Sought
from ocpizza.models.order import LAST_DIGITS, Order
from ocpizza.services.order.queries import whole_contents

# Of a number its end is enough, of a name some letters; names are looked for in the latest orders.
DIGITS, LETTERS, LATEST, OF_NUMBER = 4, 3, 2000, 100
_LAST_DIGITS: ColumnElement[str] = literal_column(LAST_DIGITS)


@dataclass(frozen=True, slots=True)
class KnownCaller:
    """A caller with their latest orders, whole."""

    caller: Caller
    orders: Sequence[Order]


def find_account(session: Session, order: Order) -> int | None:
    """Return the account of whom an order was for: its own, or that which last ordered at its
    restaurant with its number.
    """
    if order.account_id is not None or not order.phone:
        return order.account_id
    query = (
        select(Order.account_id)
        .where(
            Order.restaurant_id == order.restaurant_id,
            literal(order.phone[-DIGITS:]) == _LAST_DIGITS,
            Order.phone == order.phone,
            Order.account_id.is_not(None),
        )
        .order_by(Order.placed_at.desc())
    )
    return session.scalar(query.limit(1))


def find_callers(session: Session, restaurant_id: int, typed: str) -> list[KnownCaller]:
    """Return a few people whose phone number ends in these digits, or whose name has these letters.

    Nobody who has ordered elsewhere only, or was erased.
    """
    sought = Sought.of(typed)
    query = select(Order.id, Order.contact_name, Order.phone, Order.placed_at).where(
        Order.restaurant_id == restaurant_id, Order.phone.is_not(None)
    )
    if len(sought.digits) >= DIGITS:
        query = query.where(literal(sought.digits[-DIGITS:]) == _LAST_DIGITS)
        query = query.where(Order.phone.endswith(sought.digits))
        query = query.order_by(Order.placed_at.desc()).limit(OF_NUMBER)
    elif len(sought.letters) >= LETTERS:
        query = query.order_by(Order.business_day.desc(), Order.placed_at.desc()).limit(LATEST)
    else:
        return []
    rows = session.execute(query)
    traces = [Trace(row.id, row.contact_name, row.phone or "", row.placed_at) for row in rows]
    callers = callers_in(
        each for each in traces if sought.fits(each.contact_name, each.phone, None)
    )
    ids = [id for caller in callers for id in caller.order_ids]
    whole = select(Order).where(Order.id.in_(ids)).options(*whole_contents())
    orders = {order.id: order for order in session.scalars(whole).unique()} if ids else {}
    return [KnownCaller(caller, [orders[id] for id in caller.order_ids]) for caller in callers]

"""UC3.1: a customer's own orders, and one of them."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from ocpizza.models.order import Order
from ocpizza.services.list_orders import whole_contents
from ocpizza.services.write_order import normal_number

PAGE = 10


@dataclass(frozen=True, slots=True)
class History:
    """One page of the orders of an account, the newest first; pages count from 1."""

    orders: list[Order]
    page: int
    pages: int


def list_history(session: Session, account_id: int, page: int) -> History:
    """A page of an account's orders; a page that does not exist is the nearest one that does."""
    mine = Order.account_id == account_id
    count = session.scalar(select(func.count()).select_from(Order).where(mine)) or 0
    pages = max(1, -(-count // PAGE))
    page = min(max(page, 1), pages)
    query = (
        select(Order)
        .where(mine)
        .options(joinedload(Order.restaurant), *whole_contents())
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return History(list(session.scalars(query).unique()), page, pages)


def find_own_order(session: Session, account_id: int, number: str) -> Order | None:
    """B5: the order with this number if it is this account's, by number alone."""
    return session.scalar(
        select(Order).where(Order.number == normal_number(number), Order.account_id == account_id)
    )

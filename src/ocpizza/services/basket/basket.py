"""B1: the visitor's basket, found by the token in the cookie: begun, kept, emptied, forgotten."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from ocpizza.db import rows_changed
from ocpizza.domain.checkout import Details
from ocpizza.models.basket import Basket, BasketLine
from ocpizza.models.order import Order

BASKET = (
    select(Basket)
    .where(Basket.token == bindparam("token"))
    .execution_options(populate_existing=True)
)
# A statement that waits for a lock still sees the lines of before: they are read apart then.
LOCKED_BASKET = BASKET.with_for_update()
BASKET_WITH_LINES = BASKET.options(joinedload(Basket.lines))
LINES = (
    select(BasketLine)
    .where(BasketLine.basket_id == bindparam("basket_id"))
    .order_by(BasketLine.id)
    .execution_options(populate_existing=True)
)
# To write each time that a basket was used costs more than it is worth: it is known to the hour.
TOUCHED = timedelta(hours=1)
BASKETS, BASKET_LINES = (cast(Table, model.__table__) for model in (Basket, BasketLine))
# Written by themselves: the unit of work takes three times as long to find what changed.
WRITE = update(BASKETS).where(BASKETS.c.id == bindparam("basket_id"))
EMPTY = delete(BASKET_LINES).where(BASKET_LINES.c.basket_id == bindparam("basket_id"))


def find_basket(session: Session, token: str | None, *, lock: bool = False) -> Basket | None:
    """Return the basket with this token and its lines; `lock` keeps it to ourselves."""
    if not token:
        return None
    if not lock:
        return session.scalars(BASKET_WITH_LINES, {"token": token}).unique().one_or_none()
    basket = session.scalars(LOCKED_BASKET, {"token": token}).one_or_none()
    if basket is not None:
        lines = session.scalars(LINES, {"basket_id": basket.id}).all()
        set_committed_value(basket, "lines", lines)
    return basket


def new_basket(session: Session, now: datetime) -> Basket:
    """Return an empty basket with a fresh random token."""
    basket = Basket(
        token=secrets.token_urlsafe(32),
        checkout_key=secrets.token_urlsafe(32),
        details={},
        lines=[],
        created_at=now,
        updated_at=now,
    )
    session.add(basket)
    return basket


def renew_token(session: Session, token: str | None) -> str | None:
    """Return a new token for the basket that had this one, which finds nothing any more."""
    basket = find_basket(session, token, lock=True)
    if basket is None:
        return None
    basket.token = secrets.token_urlsafe(32)
    session.flush()
    return basket.token


def empty_basket(session: Session, basket: Basket, now: datetime) -> None:
    """Take everything out and get ready for another order; what the visitor told us stays."""
    session.execute(EMPTY, {"basket_id": basket.id})
    emptied = {"checkout_key": secrets.token_urlsafe(32), "promotion_id": None, "updated_at": now}
    session.execute(WRITE, emptied | {"basket_id": basket.id})
    # Read again, if at all: an order that is refused takes this back.
    session.expire(basket, [*emptied, "lines"])


def forget_basket(session: Session, basket: Basket) -> None:
    """Throw a basket away with what is in it."""
    session.delete(basket)


def forget_baskets(session: Session, tokens: Sequence[str]) -> None:
    """Throw the baskets with these tokens away, with what is in them."""
    session.execute(
        delete(Basket).where(Basket.token.in_(tokens)).execution_options(synchronize_session=False)
    )


def touch(basket: Basket, now: datetime) -> None:
    """Note that the visitor still uses their basket, so that it does not expire: to the hour."""
    if now - basket.updated_at > TOUCHED:
        basket.updated_at = now


def save_details(session: Session, basket: Basket, details: Details, now: datetime) -> None:
    """A1: keep what the visitor told us for the next step, and for their next order."""
    told = {"details": details.to_json(), "updated_at": now}
    session.execute(WRITE, told | {"basket_id": basket.id})
    for name, value in told.items():
        set_committed_value(basket, name, value)


def forget_old_baskets(session: Session, now: datetime, days: int) -> int:
    """Delete the baskets that nobody has touched for `days`; return their number."""
    old = delete(Basket).where(Basket.updated_at < now - timedelta(days=days))
    return rows_changed(session, old.execution_options(synchronize_session=False))


def release_basket(session: Session, order: Order) -> None:
    """What was not paid stays in the basket, ready to be ordered again."""
    if basket := awaiting_basket(session, order):
        basket.awaits_order_id = None
        basket.checkout_key = secrets.token_urlsafe(32)


def awaiting_basket(session: Session, order: Order) -> Basket | None:
    return session.scalar(
        select(Basket).where(Basket.awaits_order_id == order.id).with_for_update(of=Basket)
    )

"""Orders that a colleague has begun for customers: each a basket of its own, found by its page."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.db import lock_names
from ocpizza.domain.contact import normal_phone
from ocpizza.models.account import Account
from ocpizza.models.basket import Basket
from ocpizza.services.basket.basket import find_basket, new_basket, touch

AT_A_TIME = 20


def find_begun(
    session: Session, token: str, account_id: int, restaurant_id: int, *, lock: bool = False
) -> Basket | None:
    """Return what this colleague has begun here under this token; `lock` keeps it to ourselves, and
    the account of whom it is for.

    Raises LookupError for a basket of somebody else.
    """
    if lock:
        hold_customer(session, token)
    basket = find_basket(session, token, lock=lock)
    if basket and (basket.account_id, basket.restaurant_id) != (account_id, restaurant_id):
        raise LookupError(token)
    return basket


def begin_order(
    session: Session, token: str, account_id: int, restaurant_id: int, now: datetime
) -> Basket:
    """Return the basket of an order that is begun under this token, locked.

    Whoever begins it twice at the same time begins it once. Raises LookupError, as above.
    """
    lock_names(session, f"begun {token}")
    found = find_begun(session, token, account_id, restaurant_id, lock=True)
    if found is None:
        found = new_basket(session, now)
        found.token, found.account_id, found.restaurant_id = token, account_id, restaurant_id
        session.flush()
    return found


def hold_customer(session: Session, token: str) -> None:
    """Have the account of whom an order is begun for stay until the end of the transaction.

    Before the basket is locked: erasing an account locks it first, too.
    """
    known = select(Basket.customer_id).where(Basket.token == token).scalar_subquery()
    held = select(Account.id).where(Account.id == known)
    session.execute(held.with_for_update(read=True, key_share=True))


def keep_typed(basket: Basket, typed: dict[str, Any], now: datetime) -> None:
    """Keep what was typed so far, right or wrong, as the page will show it again.

    With another number it is another customer's.
    """
    if _phone(typed) != _phone(basket.details):
        basket.customer_id = None
    basket.details = typed
    touch(basket, now)


def _phone(typed: dict[str, Any]) -> str:
    phone = typed.get("phone") or ""
    return normal_phone(phone) or phone


def list_begun(session: Session, account_id: int, restaurant_id: int) -> list[Basket]:
    """Return the orders that a colleague has begun here and not placed, the latest first.

    Those in which there is something.
    """
    query = (
        select(Basket)
        .where(
            Basket.account_id == account_id,
            Basket.restaurant_id == restaurant_id,
            Basket.lines.any(),
        )
        .order_by(Basket.id.desc())
        .limit(AT_A_TIME)
    )
    return list(session.scalars(query))

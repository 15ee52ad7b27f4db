"""Locks that several rooms take, each until the end of the transaction.

In this order everywhere: the catalogue, by whoever edits it; the account whose order it is, the
basket that is ordered or changes an order, names (`lock_names`), order, the basket that awaits it,
promotion, whoever uses it, stock, receipts. What one room alone locks is in that room.
"""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from ocpizza.db import execute_plain
from ocpizza.domain.checkout import CustomerGone
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.catalogue_state import CatalogueState
from ocpizza.models.order import Order
from ocpizza.models.stock import Stock

STOCKS = (
    select(Stock.ingredient_id, Stock.quantity)
    .where(
        Stock.restaurant_id == bindparam("restaurant_id"),
        Stock.ingredient_id.in_(bindparam("ingredient_ids", expanding=True)),
    )
    .order_by(Stock.ingredient_id)
    .with_for_update()
)


def lock_catalogue(session: Session) -> None:
    """Be the only one who edits restaurants and products until the end of the transaction.

    Before anything else: each change of a row renews the catalogue's token. Nobody who only reads
    or orders waits.
    """
    session.execute(select(CatalogueState.id).with_for_update(key_share=True)).one()


def lock_account(session: Session, account_id: int) -> Account:
    """Return the account as it is now, locked until the end of the transaction."""
    return session.scalars(
        select(Account)
        .where(Account.id == account_id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    ).one()


def lock_order(session: Session, order_id: int) -> Order:
    """Return the order as it is now, locked until the end of the transaction."""
    return session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    ).one()


def lock_active_account(session: Session, account_id: int | None) -> None:
    """Have an account stay as it is until the end of the transaction; nobody has none to hold.

    Before anything else is locked: erasing an account locks it first, too. Raises CustomerGone.
    """
    if account_id is None:
        return
    held = (
        select(Account.id)
        .where(Account.id == account_id, Account.status == AccountStatus.ACTIVE)
        .with_for_update(read=True, key_share=True)
    )
    if session.scalar(held) is None:
        raise CustomerGone


def lock_stock(session: Session, restaurant_id: int, ingredient_ids: set[int]) -> dict[int, int]:
    """Lock these stocks, always in the same order; return their quantities.

    An ingredient that the restaurant has never had is not in the answer.
    """
    values = {"restaurant_id": restaurant_id, "ingredient_ids": list(ingredient_ids)}
    return {row.ingredient_id: row.quantity for row in execute_plain(session, STOCKS, values)}

"""The movements of a stock, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, select, tuple_
from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.order import Order
from ocpizza.models.stock import Stock, StockMovement

PAGE = 20
_when = tuple_(StockMovement.at, StockMovement.id)


@dataclass(frozen=True, slots=True)
class MovementPage:
    """A page of movements, the newest first, each with its author and its order's number."""

    rows: Sequence[Row[Any]]
    newer: bool = False
    older: bool = False

    @property
    def last(self) -> StockMovement | None:
        """What was written last: ids are given while the stock is locked, times before."""
        return max((row.StockMovement for row in self.rows), key=lambda one: one.id, default=None)


def list_movements(session: Session, stock: Stock, before: int = 0, after: int = 0) -> MovementPage:
    """Return a page of a stock's movements: the newest, or those just before or after one.

    One that is of another stock, or beyond which there is no page, leads to the newest.
    """
    if before and (one := find_movement(session, stock, before)):
        older = _read(session, stock, _when < (one.at, one.id))
        if older:
            return MovementPage(older[:PAGE], newer=True, older=len(older) > PAGE)
    if after and (one := find_movement(session, stock, after)):
        newer = _read(session, stock, _when > (one.at, one.id), backwards=True)
        if len(newer) > PAGE:
            return MovementPage(newer[PAGE - 1 :: -1], newer=True, older=True)
    newest = _read(session, stock)
    return MovementPage(newest[:PAGE], older=len(newest) > PAGE)


def find_movement(session: Session, stock: Stock, movement_id: int) -> StockMovement | None:
    """Return a movement of this stock."""
    found = session.get(StockMovement, movement_id)
    return found if found is not None and _stock_of(found) == _stock_of(stock) else None


def _stock_of(row: Stock | StockMovement) -> tuple[int, int]:
    return row.restaurant_id, row.ingredient_id


def of_stock(stock: Stock) -> ColumnElement[bool]:
    """Selects the movements of a stock."""
    here = StockMovement.restaurant_id == stock.restaurant_id
    return here & (StockMovement.ingredient_id == stock.ingredient_id)


def _read(
    session: Session, stock: Stock, *where: ColumnElement[bool], backwards: bool = False
) -> Sequence[Row[Any]]:
    """Return one movement more than a page holds, so that one knows whether there is another."""
    key = (StockMovement.at, StockMovement.id)
    query: Select[*tuple[Any, ...]] = (
        select(StockMovement, Account, Order.number.label("order_number"))
        .outerjoin(Account, Account.id == StockMovement.author_id)
        .outerjoin(Order, Order.id == StockMovement.order_id)
        .where(of_stock(stock), *where)
        .order_by(*(key if backwards else [column.desc() for column in key]))
        .limit(PAGE + 1)
    )
    return session.execute(query).all()

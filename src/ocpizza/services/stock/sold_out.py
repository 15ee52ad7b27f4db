"""« Plus de … »: the kitchen has no more of an ingredient; undone within a minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.move import Cause, move_stock
from ocpizza.services.stock.movements import find_movement, of_stock

UNDO = timedelta(minutes=1)


class TooLate(Exception):
    """The minute is over, or there is nothing of this kind to undo."""


@dataclass
class MovedMeanwhile(Exception):
    """The stock has moved since it was taken to zero: nothing is given back by itself."""

    movement: StockMovement


def sell_out(session: Session, stock: Stock, author_id: int, now: datetime) -> int:
    """Take an ingredient to zero, and what needs it off the menu; return how much there was."""
    locked = lock_stock(session, stock.restaurant_id, {stock.ingredient_id})
    left = locked[stock.ingredient_id]
    cause = Cause(Reason.SOLD_OUT, now, author_id=author_id)
    move_stock(session, stock.restaurant_id, locked, {stock.ingredient_id: -left}, cause)
    return left


def undo_sell_out(
    session: Session, stock: Stock, movement_id: int, author_id: int, now: datetime
) -> int:
    """Give back exactly what was taken; return what there is now. Undone already, it stays so.

    Raises TooLate and MovedMeanwhile (an order cancelled, a delivery …), with nothing changed.
    """
    key = stock.ingredient_id
    locked = lock_stock(session, stock.restaurant_id, {key})
    taken = find_movement(session, stock, movement_id)
    if taken is None or taken.reason is not Reason.SOLD_OUT or now - taken.at > UNDO:
        raise TooLate
    since = _since(session, stock, taken)
    if since and since[0].reason is Reason.SOLD_OUT_UNDONE:
        return locked[key]
    if since:
        raise MovedMeanwhile(since[-1])
    cause = Cause(Reason.SOLD_OUT_UNDONE, now, author_id=author_id)
    move_stock(session, stock.restaurant_id, locked, {key: -taken.delta}, cause)
    return locked[key] - taken.delta


def list_undoable(
    session: Session, stocks: Sequence[Stock], now: datetime
) -> Sequence[StockMovement]:
    """Return what was taken to zero within the last minute and has not moved since."""
    gone = {stock.ingredient_id for stock in stocks if not stock.quantity}
    if not gone:
        return []
    query = (
        select(StockMovement)
        .where(
            StockMovement.restaurant_id == stocks[0].restaurant_id,
            StockMovement.ingredient_id.in_(gone),
            StockMovement.at > now - UNDO,
        )
        .order_by(StockMovement.id)
        .options(joinedload(StockMovement.author))
    )
    last = {move.ingredient_id: move for move in session.scalars(query)}
    return [move for move in last.values() if move.reason is Reason.SOLD_OUT]


def _since(session: Session, stock: Stock, taken: StockMovement) -> Sequence[StockMovement]:
    # Their requests may have begun before it: what they waited for is as long as a lock may be.
    later = StockMovement.at >= taken.at - UNDO, StockMovement.id > taken.id
    query = select(StockMovement).where(of_stock(stock), *later).order_by(StockMovement.id)
    return session.scalars(query).all()

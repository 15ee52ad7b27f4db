"""The one way stock changes: rows locked in ingredient order, then the update and its movements."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Table, case, func, insert, select, update
from sqlalchemy.orm import Session

from ocpizza.models.stock import Reason, Stock, StockMovement

STOCKS, MOVEMENTS = (cast(Table, model.__table__) for model in (Stock, StockMovement))
# What it returns is not needed: it makes the rows go in one statement.
INSERT_MOVEMENTS = insert(MOVEMENTS).returning(MOVEMENTS.c.id)


@dataclass(frozen=True, slots=True)
class Cause:
    """Why stock moves, when, and by whose order or hand: the same for all movements of one act."""

    reason: Reason
    at: datetime
    order_id: int | None = None
    author_id: int | None = None
    note: str = ""


def move_stock(
    session: Session,
    restaurant_id: int,
    locked: Mapping[int, int],
    deltas: Mapping[int, int],
    cause: Cause,
) -> None:
    """Add `deltas` (ingredient id → quantity) to the quantities that `lock_stock` gave.

    Writes one movement each. The database refuses a quantity below zero (IntegrityError).
    """
    after = {id: locked[id] + delta for id, delta in deltas.items() if delta}
    if not after:
        return
    here = STOCKS.c.restaurant_id == restaurant_id, STOCKS.c.ingredient_id.in_(after)
    moved = case(after, value=STOCKS.c.ingredient_id)
    session.execute(update(STOCKS).where(*here).values(quantity=moved))
    common = {"restaurant_id": restaurant_id} | asdict(cause)
    session.execute(
        INSERT_MOVEMENTS,
        [
            common | {"ingredient_id": id, "delta": deltas[id], "quantity_after": quantity}
            for id, quantity in sorted(after.items())
        ],
    )


def taken_by(session: Session, order_id: int) -> dict[int, int]:
    """Return what an order has taken from the stock so far: ingredient id → quantity."""
    taken = -func.sum(StockMovement.delta)
    query = (
        select(StockMovement.ingredient_id, taken)
        .where(StockMovement.order_id == order_id)
        .group_by(StockMovement.ingredient_id)
        .having(taken != 0)
    )
    return dict(session.execute(query).all())

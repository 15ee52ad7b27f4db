"""UC6.2: a delivery from a supplier, as many ingredients as came with it, received at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.models.stock import Reason, StockMovement
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.change import MOST_KEPT, WAIT
from ocpizza.services.stock.move import Cause, move_stock


@dataclass(frozen=True, slots=True)
class Received:
    """What came: ingredient id → quantity above 0, and what the delivery note says.

    `seen` is `newest_movement` at the time when the page was shown that says so.
    """

    quantities: Mapping[int, int]
    note: str
    seen: int


@dataclass
class NoRoom(Exception):
    """Nobody keeps so much of these ingredients."""

    ingredient_ids: frozenset[int]


def newest_movement(session: Session) -> int:
    """Return the id of the movement written last, 0 if there is none."""
    return session.scalar(select(func.max(StockMovement.id))) or 0


def receive(
    session: Session, restaurant_id: int, received: Received, author_id: int, now: datetime
) -> None:
    """Add what came to the stock, all of it or nothing. What was just sent is not added again.

    Raises NoRoom.
    """
    locked = lock_stock(session, restaurant_id, set(received.quantities))
    if _is_there(session, restaurant_id, received, author_id, now):
        return
    too_much = frozenset(
        key for key, quantity in received.quantities.items() if locked[key] + quantity > MOST_KEPT
    )
    if too_much:
        raise NoRoom(too_much)
    cause = Cause(Reason.SUPPLY, now, author_id=author_id, note=received.note)
    move_stock(session, restaurant_id, locked, received.quantities, cause)


def _is_there(
    session: Session, restaurant_id: int, received: Received, author_id: int, now: datetime
) -> bool:
    """Return whether the very same was received since by the same person; stock is locked."""
    shown = session.get(StockMovement, received.seen)
    since = (shown.at if shown else now) - WAIT
    made = session.execute(
        select(StockMovement.ingredient_id, StockMovement.delta).where(
            StockMovement.restaurant_id == restaurant_id,
            StockMovement.ingredient_id.in_(received.quantities),
            StockMovement.id > received.seen,
            StockMovement.reason == Reason.SUPPLY,
            StockMovement.author_id == author_id,
            StockMovement.note == received.note,
            StockMovement.at >= since,
        )
    )
    return set(received.quantities.items()) <= {(key, delta) for key, delta in made}

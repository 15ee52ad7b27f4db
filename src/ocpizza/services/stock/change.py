"""UC6.2: stock changed by hand: a delivery received, waste, a correction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.models.stock import BY_HAND, Reason, Stock, StockMovement
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.move import Cause, move_stock
from ocpizza.services.stock.movements import find_movement, list_movements, of_stock

# Far more than any restaurant keeps, and far less than a column holds.
MOST_KEPT = 1_000_000_000
# Movements have the time at which their request began; what they waited for may be later.
WAIT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class StockChange:
    """What somebody says of a stock; of a correction, `quantity` is what there really is.

    `seen` is the last movement (its id, 0 if there was none) of the page that they said it on.
    """

    reason: Reason
    quantity: int
    note: str
    seen: int

    def wanted(self, shown: int) -> int:
        """Return by how much it moves a stock of which so much was shown."""
        if self.reason is Reason.CORRECTION:
            return self.quantity - shown
        return self.quantity if self.reason is Reason.SUPPLY else -self.quantity


class ChangedMeanwhile(Exception):
    """Somebody else has changed this stock by hand since its page was shown."""


class Unchanged(Exception):
    """There is what they say already."""


@dataclass
class OutOfBounds(Exception):
    """There is not so much to take away, or no room for so much more: what there is now."""

    left: int


def change_stock(
    session: Session, stock: Stock, change: StockChange, author_id: int, now: datetime
) -> int:
    """Write one movement; return what there is now. What was just sent is not written again.

    A correction moves stock by its difference to what was shown: what was sold since is respected.
    It ends at nothing where that would be below.
    Raises ChangedMeanwhile, Unchanged and OutOfBounds.
    """
    key = stock.ingredient_id
    locked = lock_stock(session, stock.restaurant_id, {key})
    left = locked[key]
    shown = find_movement(session, stock, change.seen)
    wanted = change.wanted(shown.quantity_after if shown else 0)
    if since := _moved_since(session, stock, shown):
        if any(_is_same(made, change, wanted, author_id) for made in since):
            return left
        raise ChangedMeanwhile
    delta = max(wanted, -left) if change.reason is Reason.CORRECTION else wanted
    if not delta:
        raise Unchanged
    if not 0 <= left + delta <= MOST_KEPT:
        raise OutOfBounds(left)
    cause = Cause(change.reason, now, author_id=author_id, note=change.note)
    move_stock(session, stock.restaurant_id, locked, {key: delta}, cause)
    return left + delta


def _moved_since(
    session: Session, stock: Stock, shown: StockMovement | None
) -> Sequence[StockMovement]:
    """Return what was moved by hand since; where nothing was shown, whatever moved of late."""
    if shown is None:
        return [row.StockMovement for row in list_movements(session, stock).rows]
    by_hand = of_stock(stock), StockMovement.reason.in_(BY_HAND)
    later = StockMovement.at >= shown.at - WAIT, StockMovement.id > shown.id
    return session.scalars(select(StockMovement).where(*by_hand, *later)).all()


def _is_same(made: StockMovement, change: StockChange, wanted: int, author_id: int) -> bool:
    before = made.quantity_after - made.delta
    same = (made.reason, made.note, made.author_id) == (change.reason, change.note, author_id)
    return same and made.delta == max(wanted, -before)

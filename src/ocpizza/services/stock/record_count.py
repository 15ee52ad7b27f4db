"""What was counted on the shelves becomes movements.

What was sold between counting and recording is respected: a quantity is compared with what should
have been on the shelf at the moment it was counted, and that difference alone is moved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.stock import Reason, Stock, StockMovement
from ocpizza.models.stock_count import CountState, StockCount, StockCountLine
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.change import MOST_KEPT, WAIT
from ocpizza.services.stock.count import NoCount, end_count, lines_of, lock_count
from ocpizza.services.stock.move import Cause, move_stock

Lines = Mapping[int, StockCountLine]
# Whoever says so says what there is: a quantity counted before is worth nothing any more.
OVERRULES = (Reason.CORRECTION, Reason.SOLD_OUT, Reason.SOLD_OUT_UNDONE, Reason.COUNT)


@dataclass(frozen=True, slots=True)
class Difference:
    """What recording a counted quantity would do; one that was `overruled` is to be counted anew.

    `delta` is the whole difference, `left` what there will be: nothing where that is below.
    """

    line: StockCountLine
    left: int
    overruled: bool

    @property
    def delta(self) -> int:
        return 0 if self.overruled else self.line.counted - self.line.expected


def differences(session: Session, count: StockCount) -> list[Difference]:
    """Return what recording this count would do now, in no order."""
    lines = lines_of(session, count)
    here = Stock.restaurant_id == count.restaurant_id, Stock.ingredient_id.in_(lines)
    left = dict(session.execute(select(Stock.ingredient_id, Stock.quantity).where(*here)).all())
    return _differences(session, count, lines, left)


def record_count(
    session: Session, count_id: int, restaurant_id: int, version: int, author_id: int, now: datetime
) -> int:
    """Move stock by the differences that were shown; return how many. Recorded already, none.

    Raises NoCount and StaleVersion (something was counted since).
    """
    count = lock_count(session, count_id, restaurant_id)
    if count is None or count.state is CountState.GIVEN_UP:
        raise NoCount
    if count.state is CountState.RECORDED:
        return 0
    if count.version != version:
        raise StaleVersion
    lines = lines_of(session, count)
    locked = lock_stock(session, restaurant_id, set(lines))
    deltas = {}
    for found in _differences(session, count, lines, locked):
        key = found.line.ingredient_id
        deltas[key] = found.line.moved = found.left - locked[key]
    move_stock(
        session, restaurant_id, locked, deltas, Cause(Reason.COUNT, now, author_id=author_id)
    )
    end_count(count, CountState.RECORDED, now)
    session.flush()
    return sum(1 for delta in deltas.values() if delta)


def _differences(
    session: Session, count: StockCount, lines: Lines, left: Mapping[int, int]
) -> list[Difference]:
    overruled = _overruled(session, count, lines)
    found = []
    for key, line in lines.items():
        delta = 0 if key in overruled else line.counted - line.expected
        found.append(Difference(line, min(max(left[key] + delta, 0), MOST_KEPT), key in overruled))
    return found


def _overruled(session: Session, count: StockCount, lines: Lines) -> set[int]:
    """Return the ingredients of which somebody said what there is since they were counted."""
    if not lines:
        return set()
    query = select(StockMovement.ingredient_id, StockMovement.id).where(
        StockMovement.restaurant_id == count.restaurant_id,
        StockMovement.ingredient_id.in_(lines),
        StockMovement.at >= min(line.counted_at for line in lines.values()) - WAIT,
        StockMovement.reason.in_(OVERRULES),
    )
    return {key for key, id in session.execute(query) if id > lines[key].seen}

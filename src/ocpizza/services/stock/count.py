"""Stock-taking: counted shelf by shelf, interrupted at will, recorded by `record_count`."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.stock import Stock, StockMovement
from ocpizza.models.stock_count import CountState, StockCount, StockCountLine
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.movements import list_movements

# What they ordered is taken from the stock, and still on the shelves.
NOT_BEGUN = (Status.AWAITING_PAYMENT, Status.TO_PREPARE, Status.ACCEPTED)


class NoCount(Exception):
    """No stock count is open here, or no more."""


@dataclass
class CountedMeanwhile(Exception):
    """Somebody else has counted this ingredient since its page was shown."""

    line: StockCountLine


@dataclass(frozen=True, slots=True)
class Counted:
    """A quantity on the shelf, and what was counted before by the page (None: nothing)."""

    quantity: int
    before: int | None


def newest_count(session: Session, restaurant_id: int) -> StockCount | None:
    """Return the stock count that was begun last, open or not."""
    mine = select(StockCount).where(StockCount.restaurant_id == restaurant_id)
    newest = mine.order_by(StockCount.begun_at.desc(), StockCount.id.desc()).limit(1)
    return session.scalars(newest.options(joinedload(StockCount.author))).one_or_none()


def find_open(session: Session, restaurant_id: int) -> StockCount | None:
    """Return the stock count that goes on."""
    mine = StockCount.restaurant_id == restaurant_id, StockCount.state == CountState.OPEN
    query = select(StockCount).where(*mine).options(joinedload(StockCount.author))
    return session.scalars(query).one_or_none()


def begin_count(session: Session, restaurant_id: int, author_id: int, now: datetime) -> StockCount:
    """Return the stock count that goes on, a new one where there is none."""
    if found := find_open(session, restaurant_id):
        return found
    count = StockCount(restaurant_id=restaurant_id, author_id=author_id, begun_at=now)
    try:
        with session.begin_nested():
            session.add(count)
            session.flush()
    except IntegrityError:
        # A colleague began at the same moment.
        return session.scalars(_open(restaurant_id)).one()
    return count


def lines_of(session: Session, count: StockCount) -> dict[int, StockCountLine]:
    """Return what was counted, by ingredient."""
    query = select(StockCountLine).where(StockCountLine.count_id == count.id)
    query = query.options(joinedload(StockCountLine.author))
    found = session.scalars(query.execution_options(populate_existing=True))
    return {line.ingredient_id: line for line in found}


def count_stock(
    session: Session, stock: Stock, said: Counted, author_id: int, now: datetime
) -> None:
    """Keep what was counted of an ingredient. Raises NoCount and CountedMeanwhile."""
    count = _lock_open(session, stock.restaurant_id)
    key = stock.ingredient_id
    line = session.get(StockCountLine, (count.id, key), populate_existing=True)
    if line is not None and line.counted != said.before:
        if (line.counted, line.author_id) == (said.quantity, author_id):
            return
        raise CountedMeanwhile(line)
    left = lock_stock(session, stock.restaurant_id, {key})[key]
    last = list_movements(session, stock).last
    values = {
        "counted": said.quantity,
        "expected": left + _set_aside(session, stock.restaurant_id, {key}).get(key, 0),
        "seen": last.id if last else 0,
        "counted_at": now,
        "author_id": author_id,
    }
    session.merge(StockCountLine(count_id=count.id, ingredient_id=key, **values))
    count.touch_version()
    session.flush()


def give_up_count(session: Session, count_id: int, restaurant_id: int, now: datetime) -> None:
    """Forget what was counted. Raises NoCount where it is over already."""
    count = lock_count(session, count_id, restaurant_id)
    if count is None or count.state is not CountState.OPEN:
        raise NoCount
    end_count(count, CountState.GIVEN_UP, now)
    session.flush()


def end_count(count: StockCount, state: CountState, now: datetime) -> None:
    """Have a stock count be over."""
    count.state, count.ended_at = state, now


def _open(restaurant_id: int) -> Select[StockCount]:
    mine = StockCount.restaurant_id == restaurant_id, StockCount.state == CountState.OPEN
    return select(StockCount).where(*mine)


def _lock_open(session: Session, restaurant_id: int) -> StockCount:
    query = _open(restaurant_id).with_for_update().execution_options(populate_existing=True)
    count = session.scalars(query).one_or_none()
    if count is None:
        raise NoCount
    return count


def lock_count(session: Session, count_id: int, restaurant_id: int) -> StockCount | None:
    """Return a stock count of a restaurant as it is now, locked until the transaction ends."""
    mine = StockCount.id == count_id, StockCount.restaurant_id == restaurant_id
    query = select(StockCount).where(*mine).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _set_aside(
    session: Session, restaurant_id: int, ingredient_ids: Collection[int]
) -> dict[int, int]:
    """Return what orders that nobody has begun to prepare have taken: ingredient id → quantity."""
    query = (
        select(StockMovement.ingredient_id, -func.sum(StockMovement.delta))
        .join(Order, Order.id == StockMovement.order_id)
        .where(
            Order.restaurant_id == restaurant_id,
            Order.status.in_(NOT_BEGUN),
            StockMovement.ingredient_id.in_(ingredient_ids),
        )
        .group_by(StockMovement.ingredient_id)
    )
    return dict(session.execute(query).all())

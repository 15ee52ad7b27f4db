"""What `ocpizza check` recomputes of stock that people changed by hand."""

from collections.abc import Callable, Iterator
from itertools import chain

from sqlalchemy import and_, case, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from ocpizza.db import in_blocks
from ocpizza.models.stock import Reason, StockMovement
from ocpizza.models.stock_count import CountState, StockCount, StockCountLine

Problems = Iterator[str]


def what_is_sold_out_is_gone(session: Session) -> Problems:
    gone = StockMovement.reason == Reason.SOLD_OUT
    query = select(StockMovement).where(gone, StockMovement.quantity_after != 0)
    for move in chain.from_iterable(in_blocks(session, query, StockMovement.id)):
        yield f"movement {move.id} says that nothing was left and leaves {move.quantity_after}"


def what_was_undone_is_what_was_taken(session: Session) -> Problems:
    """The movement before it in the same stock is the one that took it to zero."""
    earlier, taken = aliased(StockMovement), aliased(StockMovement)
    before = (
        select(earlier.id)
        .where(
            earlier.restaurant_id == StockMovement.restaurant_id,
            earlier.ingredient_id == StockMovement.ingredient_id,
            earlier.id < StockMovement.id,
        )
        .order_by(earlier.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    just_so = and_(taken.reason == Reason.SOLD_OUT, taken.delta == -StockMovement.delta)
    query = (
        select(StockMovement)
        .outerjoin(taken, taken.id == before)
        .where(StockMovement.reason == Reason.SOLD_OUT_UNDONE, just_so.is_not(True))
    )
    for move in chain.from_iterable(in_blocks(session, query, StockMovement.id)):
        yield f"movement {move.id} gives back {move.delta} that was not just taken"


def counts_moved_what_they_recorded(session: Session) -> Problems:
    """A recorded count and the movements of that moment say the same of each ingredient."""
    said = select(
        StockCount.restaurant_id.label("restaurant_id"),
        StockCountLine.ingredient_id.label("ingredient_id"),
        StockCount.ended_at.label("at"),
        StockCountLine.moved.label("said"),
        literal(0).label("moved"),
    ).join(StockCountLine, StockCountLine.count_id == StockCount.id)
    moved = select(
        StockMovement.restaurant_id,
        StockMovement.ingredient_id,
        StockMovement.at,
        literal(0),
        StockMovement.delta,
    ).where(StockMovement.reason == Reason.COUNT)
    recorded = said.where(StockCount.state == CountState.RECORDED)
    both = union_all(recorded, moved).subquery()
    key = both.c.restaurant_id, both.c.ingredient_id, both.c.at
    totals = func.coalesce(func.sum(both.c.said), 0), func.sum(both.c.moved)
    query = select(*key, *totals).group_by(*key).having(totals[0] != totals[1]).order_by(*key)
    for restaurant_id, ingredient_id, at, counted, made in session.execute(query):
        yield (
            f"the count of ingredient {ingredient_id} at restaurant {restaurant_id} recorded "
            f"{at:%Y-%m-%d %H:%M} moved {counted}, its movement says {made}"
        )


def counts_moved_no_more_than_they_found(session: Session) -> Problems:
    """What was moved is the difference, or the part of it that there was room for."""
    found = StockCountLine.counted - StockCountLine.expected
    beyond = or_(
        StockCountLine.moved > case((found > 0, found), else_=0),
        StockCountLine.moved < case((found < 0, found), else_=0),
    )
    for line in session.scalars(select(StockCountLine).where(beyond)):
        yield (
            f"ingredient {line.ingredient_id} in count {line.count_id}: {line.counted} counted of "
            f"{line.expected}, {line.moved} moved"
        )


STOCK_RULES: tuple[Callable[[Session], Problems], ...] = (
    what_is_sold_out_is_gone,
    what_was_undone_is_what_was_taken,
    counts_moved_what_they_recorded,
    counts_moved_no_more_than_they_found,
)

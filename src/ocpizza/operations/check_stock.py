"""What `ocpizza check` recomputes of stock that people changed by hand."""

from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from ocpizza.models.stock import Reason, StockMovement

Problems = Iterator[str]


def what_is_sold_out_is_gone(session: Session) -> Problems:
    gone = StockMovement.reason == Reason.SOLD_OUT
    query = select(StockMovement).where(gone, StockMovement.quantity_after != 0)
    for move in session.scalars(query.order_by(StockMovement.id)):
        yield f"movement {move.id} says that nothing was left and leaves {move.quantity_after}"


def what_was_undone_is_what_was_taken(session: Session) -> Problems:
    """The movement before it in the same stock is the one that took it to zero."""
    earlier = aliased(StockMovement)
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
    undone = StockMovement.reason == Reason.SOLD_OUT_UNDONE
    query = select(StockMovement, before).where(undone).order_by(StockMovement.id)
    for move, id in session.execute(query).all():
        taken = session.get(StockMovement, id) if id else None
        if taken is None or taken.reason is not Reason.SOLD_OUT or taken.delta != -move.delta:
            yield f"movement {move.id} gives back {move.delta} that was not just taken"


STOCK_RULES: tuple[Callable[[Session], Problems], ...] = (
    what_is_sold_out_is_gone,
    what_was_undone_is_what_was_taken,
)

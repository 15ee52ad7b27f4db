"""Stock-taking: what people counted on the shelves, before it becomes movements."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import one_of
from ocpizza.db import Base, Versioned
from ocpizza.models.account import Account


class CountState(StrEnum):
    """What became of a stock count."""

    OPEN = "open"
    RECORDED = "recorded"
    GIVEN_UP = "given_up"


class StockCount(Versioned, Base):
    """One stock-taking of a restaurant, kept while it goes on; there is one open at most.

    Each quantity that is counted gives it a new version: what is recorded is what was shown.
    """

    __tablename__ = "stock_count"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_unless_open"),
        Index(None, "restaurant_id", "begun_at"),
        Index(
            "uq_stock_count_open",
            "restaurant_id",
            unique=True,
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"))
    state: Mapped[CountState] = mapped_column(
        one_of(CountState, "state"), default=CountState.OPEN, server_default="open"
    )
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    author: Mapped[Account | None] = relationship()


class StockCountLine(Base):
    """How much of an ingredient was counted, by whom, and how much should have been there.

    `expected` is what was on the shelves by the books when it was counted, `seen` the last movement
    then (its id, 0 if there was none); `moved` is what was recorded of the difference in the end.
    """

    __tablename__ = "stock_count_line"
    __table_args__ = (
        CheckConstraint("counted >= 0", name="counted_not_negative"),
        CheckConstraint("expected >= 0", name="expected_not_negative"),
    )

    count_id: Mapped[int] = mapped_column(ForeignKey("stock_count.id"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredient.id"), primary_key=True)
    counted: Mapped[int]
    expected: Mapped[int]
    seen: Mapped[int]
    counted_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    moved: Mapped[int | None]

    author: Mapped[Account | None] = relationship()

"""What each restaurant has, and every movement that made it so."""

from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import one_of
from ocpizza.db import Base
from ocpizza.models.account import Account
from ocpizza.models.append_only import append_only
from ocpizza.models.ingredient import Ingredient


class Reason(StrEnum):
    """Why a quantity moved."""

    OPENING = "opening"
    SUPPLY = "supply"
    ORDER = "order"
    ORDER_CHANGED = "order_changed"
    ORDER_CANCELLED = "order_cancelled"
    CORRECTION = "correction"
    WASTE = "waste"
    SOLD_OUT = "sold_out"
    SOLD_OUT_UNDONE = "sold_out_undone"
    COUNT = "count"


# What somebody says of a stock: two of these at once may both mean the same thing.
BY_HAND = (
    Reason.SUPPLY,
    Reason.CORRECTION,
    Reason.WASTE,
    Reason.SOLD_OUT,
    Reason.SOLD_OUT_UNDONE,
    Reason.COUNT,
)


class Stock(Base):
    """The quantity of an ingredient at a restaurant, in the ingredient's unit."""

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("quantity >= 0", name="quantity_not_negative"),
        CheckConstraint("alert_quantity >= 0", name="alert_quantity_not_negative"),
    )

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    ingredient_id: Mapped[int] = mapped_column(ForeignKey("ingredient.id"), primary_key=True)
    quantity: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    alert_quantity: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    ingredient: Mapped[Ingredient] = relationship()


class StockMovement(Base):
    """One change of one stock: who, when, why. Only `services.stock.move` writes them, and
    the demo's past."""

    __tablename__ = "stock_movement"
    __table_args__ = (
        ForeignKeyConstraint(
            ["restaurant_id", "ingredient_id"], ["stock.restaurant_id", "stock.ingredient_id"]
        ),
        CheckConstraint("delta <> 0", name="delta_not_zero"),
        CheckConstraint("quantity_after >= 0", name="quantity_after_not_negative"),
        Index(None, "restaurant_id", "ingredient_id", "at"),
        # What restaurants are compared by, among all that orders took.
        Index(
            "ix_stock_movement_wasted",
            "restaurant_id",
            "at",
            postgresql_where=text("reason = 'waste'"),
            sqlite_where=text("reason = 'waste'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    restaurant_id: Mapped[int]
    ingredient_id: Mapped[int]
    delta: Mapped[int]
    quantity_after: Mapped[int]
    reason: Mapped[Reason] = mapped_column(one_of(Reason, "reason"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    at: Mapped[datetime]

    author: Mapped[Account | None] = relationship()


append_only(cast(Table, StockMovement.__table__))

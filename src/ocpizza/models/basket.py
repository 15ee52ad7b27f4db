"""A visitor's basket: what they want, and what they have already told us about themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Credential
from ocpizza.db import Base
from ocpizza.models.order import Order

MAX_QUANTITY = 50
MAX_LINES = 100


class Basket(Base):
    """A basket at one restaurant, found by the random token in the visitor's signed cookie.

    `checkout_key` names the next order made from it: the order keeps a proof of it, the basket gets
    a new one, so that sending the same form twice makes one order. A basket may be there to change
    an order (UC1.3): `changes_revision` is the number of the revision that it started from.
    """

    __tablename__ = "basket"
    __table_args__ = (
        CheckConstraint(
            "(changes_order_id IS NULL) = (changes_revision IS NULL)", name="changes_revision"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(Credential(43), unique=True)
    checkout_key: Mapped[str] = mapped_column(Credential(43), unique=True)
    restaurant_id: Mapped[int | None] = mapped_column(ForeignKey("restaurant.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    # Whom a colleague takes the order of, if their account is known: promotions are theirs.
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    promotion_id: Mapped[int | None] = mapped_column(ForeignKey("promotion.id"), index=True)
    changes_order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    changes_revision: Mapped[int | None]
    # The order made of it that awaits its payment: until then, what is in it stays.
    awaits_order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime] = mapped_column(index=True)

    changes_order: Mapped[Order | None] = relationship(foreign_keys=[changes_order_id])
    awaits_order: Mapped[Order | None] = relationship(foreign_keys=[awaits_order_id])
    lines: Mapped[list["BasketLine"]] = relationship(
        order_by="BasketLine.id",
        cascade="all, delete-orphan",
        passive_deletes=True,
        back_populates="basket",
    )


class BasketLine(Base):
    """A number of identical items; `selection` is the canonical text of a `Selection`."""

    __tablename__ = "basket_line"
    __table_args__ = (
        UniqueConstraint("basket_id", "selection"),
        CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    basket_id: Mapped[int] = mapped_column(ForeignKey("basket.id", ondelete="CASCADE"))
    selection: Mapped[str] = mapped_column(String(1000))
    quantity: Mapped[int]

    basket: Mapped[Basket] = relationship(back_populates="lines")

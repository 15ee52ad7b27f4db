"""What a restaurant offers differently from the group, and the price changes to come."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.column_types import Cents
from ocpizza.db import Base, Versioned


class HiddenProduct(Base):
    """A product that a restaurant does not sell."""

    __tablename__ = "hidden_product"

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)


class RestaurantPrice(Versioned, Base):
    """A restaurant's own price of a size, in place of the group's."""

    __tablename__ = "restaurant_price"
    __table_args__ = (CheckConstraint("price_cents >= 0", name="price_not_negative"),)

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    product_size_id: Mapped[int] = mapped_column(ForeignKey("product_size.id"), primary_key=True)
    price_cents: Mapped[Cents]


class PriceChange(Base):
    """A price that takes effect later; without a restaurant it is the group's."""

    __tablename__ = "price_change"
    __table_args__ = (
        CheckConstraint("price_cents >= 0", name="price_not_negative"),
        Index(None, "applied_at", "effective_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    restaurant_id: Mapped[int | None] = mapped_column(ForeignKey("restaurant.id"))
    product_size_id: Mapped[int] = mapped_column(ForeignKey("product_size.id"))
    price_cents: Mapped[Cents]
    effective_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

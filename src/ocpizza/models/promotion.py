"""Promotions (UC3.2), where and when they hold, and who has used them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, UniqueConstraint, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Cents, Typeset, one_of
from ocpizza.db import Base, Versioned


class PromotionKind(StrEnum):
    """What a promotion gives."""

    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    FREE_PRODUCT = "free_product"


class Gives:
    """What a promotion gives, and from which amount of purchases."""

    kind: Mapped[PromotionKind] = mapped_column(one_of(PromotionKind, "kind"))
    percent: Mapped[int | None]
    amount_cents: Mapped[Cents | None]
    product_size_id: Mapped[int | None] = mapped_column(ForeignKey("product_size.id"))
    minimum_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))


class Promotion(Gives, Versioned, Base):
    """A promotion. `weekday_mask` has bit 0 for Monday; minutes are those of opening hours.

    Customers are offered it where `listed`, else only who knows its code has it.
    """

    __tablename__ = "promotion"
    __table_args__ = (
        CheckConstraint("code = upper(code)", name="code_upper"),
        CheckConstraint("(kind = 'percentage') = (percent IS NOT NULL)", name="percent_given"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_range"),
        CheckConstraint("(kind = 'amount') = (amount_cents IS NOT NULL)", name="amount_given"),
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint(
            "(kind = 'free_product') = (product_size_id IS NOT NULL)", name="product_given"
        ),
        CheckConstraint("minimum_cents >= 0", name="minimum_not_negative"),
        CheckConstraint("weekday_mask BETWEEN 1 AND 127", name="weekday_mask_range"),
        CheckConstraint("from_minute < to_minute", name="minutes_order"),
        CheckConstraint("starts_at < ends_at", name="period_order"),
        CheckConstraint("times_used >= 0", name="times_used_not_negative"),
        # The limit holds under concurrency because the counter cannot pass it.
        CheckConstraint("times_used <= total_limit", name="within_total_limit"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(30), unique=True)
    name: Mapped[str] = mapped_column(Typeset(100))
    name_en: Mapped[str] = mapped_column(Typeset(100), default="", server_default="")
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    weekday_mask: Mapped[int] = mapped_column(default=127, server_default=text("127"))
    from_minute: Mapped[int | None]
    to_minute: Mapped[int | None]
    first_order_only: Mapped[bool] = mapped_column(default=False)
    birthday_only: Mapped[bool] = mapped_column(default=False)
    per_customer_limit: Mapped[int | None]
    total_limit: Mapped[int | None]
    times_used: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # What its uses took off, all together: they are too many to be added up for a page.
    given_cents: Mapped[Cents] = mapped_column(BigInteger, default=0, server_default=text("0"))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    listed: Mapped[bool] = mapped_column(default=True, server_default=true())

    restaurants: Mapped[list["PromotionRestaurant"]] = relationship(cascade="all, delete-orphan")


class PromotionRestaurant(Base):
    """A restaurant where a promotion holds; a promotion without any holds everywhere."""

    __tablename__ = "promotion_restaurant"

    promotion_id: Mapped[int] = mapped_column(ForeignKey("promotion.id"), primary_key=True)
    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)


class PromotionUse(Gives, Base):
    """A promotion that an order has, as it was when it was ordered.

    `ordinal` counts the customer's uses of it, from 1 and without a gap.
    """

    __tablename__ = "promotion_use"
    __table_args__ = (
        UniqueConstraint("promotion_id", "account_id", "ordinal"),
        CheckConstraint("ordinal > 0", name="ordinal_positive"),
        CheckConstraint("discount_cents >= 0", name="discount_not_negative"),
    )

    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    promotion_id: Mapped[int] = mapped_column(ForeignKey("promotion.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    ordinal: Mapped[int]
    discount_cents: Mapped[Cents]
    used_at: Mapped[datetime]

"""A point of sale: where it is, when it is open, where it delivers."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Cents
from ocpizza.db import Base, Versioned
from ocpizza.models.address import PostalAddress
from ocpizza.models.legal_entity import LegalEntity


class Restaurant(PostalAddress, Versioned, Base):
    """A restaurant; its code names it in commands and updates, its slug in the shop's URLs."""

    __tablename__ = "restaurant"
    __table_args__ = (
        CheckConstraint("delivery_fee_cents >= 0", name="delivery_fee_positive"),
        CheckConstraint("minimum_order_cents >= 0", name="minimum_order_positive"),
        CheckConstraint("preparation_minutes > 0", name="preparation_minutes_positive"),
        CheckConstraint("delivery_minutes > 0", name="delivery_minutes_positive"),
        CheckConstraint(
            "(alcohol_from_minute IS NULL) = (alcohol_to_minute IS NULL) "
            "AND (alcohol_from_minute IS NULL OR (alcohol_from_minute >= 360 "
            "AND alcohol_from_minute < alcohol_to_minute AND alcohol_to_minute <= 1800))",
            name="alcohol_hours",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(100))
    legal_entity_id: Mapped[int] = mapped_column(ForeignKey("legal_entity.id"))
    phone: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    delivers: Mapped[bool] = mapped_column(default=True, server_default=true())
    delivery_fee_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))
    minimum_order_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))
    preparation_minutes: Mapped[int] = mapped_column(default=15, server_default=text("15"))
    delivery_minutes: Mapped[int] = mapped_column(default=20, server_default=text("20"))

    # Whether it has a licence for alcohol, and the minutes of a business day in which it is sold;
    # none: whenever it is open.
    sells_alcohol: Mapped[bool] = mapped_column(default=False, server_default=false())
    alcohol_from_minute: Mapped[int | None]
    alcohol_to_minute: Mapped[int | None]

    # No orders from the web until then, and what their customers are told.
    paused_until: Mapped[datetime | None]
    pause_note: Mapped[str | None] = mapped_column(String(200))

    legal_entity: Mapped[LegalEntity] = relationship()
    opening_hours: Mapped[list["OpeningHours"]] = relationship(
        order_by="OpeningHours.weekday, OpeningHours.opens_minute", cascade="all, delete-orphan"
    )
    delivery_areas: Mapped[list["DeliveryArea"]] = relationship(
        order_by="DeliveryArea.postcode", cascade="all, delete-orphan"
    )
    exceptional_days: Mapped[list["ExceptionalDays"]] = relationship(
        order_by="ExceptionalDays.first_day", cascade="all, delete-orphan"
    )


class OpeningHours(Base):
    """One range of one business day, in minutes of Europe/Paris wall time from its midnight.

    The business day runs from 06:00 to 06:00, so a range that ends at 01:30 closes at 1530.
    """

    __tablename__ = "opening_hours"
    __table_args__ = (
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_range"),
        CheckConstraint("opens_minute >= 360 AND opens_minute < closes_minute", name="opens"),
        CheckConstraint("closes_minute <= 1800", name="closes"),
    )

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    opens_minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closes_minute: Mapped[int]


class ExceptionalDays(Base):
    """Business days on which other hours hold than in other weeks, or none: a holiday, an eve."""

    __tablename__ = "exceptional_days"
    __table_args__ = (CheckConstraint("last_day >= first_day", name="days_in_order"),)

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]
    # What customers are told.
    closing_note: Mapped[str] = mapped_column(String(200))

    hours: Mapped[list["ExceptionalHours"]] = relationship(
        order_by="ExceptionalHours.opens_minute", cascade="all, delete-orphan"
    )


class ExceptionalHours(Base):
    """One range of each of these days, as `OpeningHours` has it; without any they are closed."""

    __tablename__ = "exceptional_hours"
    __table_args__ = (
        ForeignKeyConstraint(
            ["restaurant_id", "first_day"],
            ["exceptional_days.restaurant_id", "exceptional_days.first_day"],
        ),
        CheckConstraint("opens_minute >= 360 AND opens_minute < closes_minute", name="opens"),
        CheckConstraint("closes_minute <= 1800", name="closes"),
    )

    restaurant_id: Mapped[int] = mapped_column(primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    opens_minute: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    closes_minute: Mapped[int]


class DeliveryArea(Base):
    """A postcode that a restaurant delivers to."""

    __tablename__ = "delivery_area"
    __table_args__ = (Index(None, "postcode"),)

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    postcode: Mapped[str] = mapped_column(String(10), primary_key=True)

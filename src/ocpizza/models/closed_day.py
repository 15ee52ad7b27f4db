"""What a restaurant sold on a business day that is over."""

from datetime import date, datetime
from typing import Annotated

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.column_types import Cents
from ocpizza.db import Base

Sum = Annotated[int, mapped_column(default=0, server_default=text("0"))]


class ClosedDay(Base):
    """The figures of a business day (06:00 to 06:00, Europe/Paris) once all its orders ended.

    What each figure is: `domain.sales.Figures`.
    """

    __tablename__ = "closed_day"
    __table_args__ = (CheckConstraint("orders >= 0", name="orders_not_negative"),)

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    orders: Mapped[int]
    turnover_cents: Mapped[Cents]
    vat_cents: Mapped[Cents]
    refunded_cents: Mapped[Sum]
    cancelled: Mapped[Sum]
    not_delivered: Mapped[Sum]
    timed_orders: Mapped[Sum]
    waited_seconds: Mapped[Sum]
    late: Mapped[Sum]
    closed_at: Mapped[datetime]

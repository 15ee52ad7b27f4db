"""Runs of timed jobs, and the closed business days they produce."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.column_types import Cents
from ocpizza.db import Base


class JobRun(Base):
    """One run of a job: when, how long, what changed, or why it failed."""

    __tablename__ = "job_run"
    __table_args__ = (Index(None, "job", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    restaurant_id: Mapped[int | None] = mapped_column(ForeignKey("restaurant.id"))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    succeeded: Mapped[bool | None]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str | None] = mapped_column(Text)


class ClosedDay(Base):
    """The figures of a restaurant's business day (06:00 to 06:00, Europe/Paris) once closed."""

    __tablename__ = "closed_day"
    __table_args__ = (CheckConstraint("orders >= 0", name="orders_not_negative"),)

    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    orders: Mapped[int]
    turnover_cents: Mapped[Cents]
    vat_cents: Mapped[Cents]
    closed_at: Mapped[datetime]

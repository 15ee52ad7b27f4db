"""The till: who opened it with how much, what cash came and went, what was counted in the end."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Cents, Credential, one_of
from ocpizza.db import Base
from ocpizza.models.account import Account
from ocpizza.models.append_only import append_only
from ocpizza.models.frozen import frozen


class TillSession(Base):
    """A till from its float to its count; a restaurant has one open at most.

    `number` is that of its report, without a gap in a restaurant (Z): given when it is closed, with
    `report`, the sums of then (`services.till.report`).
    """

    __tablename__ = "till_session"
    __table_args__ = (
        UniqueConstraint("restaurant_id", "number"),
        CheckConstraint("float_cents >= 0", name="float_not_negative"),
        CheckConstraint("counted_cents >= 0", name="counted_not_negative"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint(
            "(closed_at IS NULL) = (number IS NULL) "
            "AND (closed_at IS NULL) = (counted_cents IS NULL) "
            "AND (closed_at IS NULL) = (expected_cents IS NULL)",
            name="closed_whole",
        ),
        CheckConstraint(
            "counted_cents = expected_cents OR difference_note <> ''", name="difference_explained"
        ),
        Index(None, "restaurant_id", "opened_at"),
        # A cashier's own.
        Index(None, "restaurant_id", "closed_by_id", "number"),
        Index(
            "uq_till_session_open",
            "restaurant_id",
            unique=True,
            postgresql_where=text("closed_at IS NULL"),
            sqlite_where=text("closed_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"))
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    opened_at: Mapped[datetime]
    float_cents: Mapped[Cents]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    closed_at: Mapped[datetime | None]
    number: Mapped[int | None]
    counted_cents: Mapped[Cents | None]
    expected_cents: Mapped[Cents | None]
    difference_note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    report: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    opened_by: Mapped[Account | None] = relationship(foreign_keys=[opened_by_id])
    closed_by: Mapped[Account | None] = relationship(foreign_keys=[closed_by_id])
    movements: Mapped[list["TillMovement"]] = relationship(order_by="TillMovement.id")
    pieces: Mapped[list["TillPieces"]] = relationship(order_by="TillPieces.value_cents.desc()")

    @property
    def difference_cents(self) -> Cents:
        """What was counted beyond what was expected; less than nothing where cash is missing."""
        return (self.counted_cents or 0) - (self.expected_cents or 0)


class TillMovementKind(StrEnum):
    """Why cash moved without a customer."""

    PUT_IN = "put_in"
    TAKEN_OUT = "taken_out"
    DRIVER_RETURN = "driver_return"


class TillMovement(Base):
    """Cash put into a till or taken out of it; written once.

    `expected_cents` is what a driver had collected and not brought yet, `key` of the form.
    """

    __tablename__ = "till_movement"
    __table_args__ = (
        # A driver who gave back more at doors than they collected is given it at the till.
        CheckConstraint(
            "kind = 'driver_return' OR (kind = 'taken_out') = (delta_cents < 0)", name="direction"
        ),
        CheckConstraint(
            "(kind = 'driver_return') = (driver_id IS NOT NULL) "
            "AND (kind = 'driver_return') = (expected_cents IS NOT NULL)",
            name="driver_known",
        ),
        Index(None, "till_session_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    till_session_id: Mapped[int] = mapped_column(ForeignKey("till_session.id"))
    kind: Mapped[TillMovementKind] = mapped_column(one_of(TillMovementKind, "kind"))
    delta_cents: Mapped[Cents]
    expected_cents: Mapped[Cents | None]
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(Credential(43), unique=True)
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    at: Mapped[datetime]

    driver: Mapped[Account | None] = relationship(foreign_keys=[driver_id])
    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])


class TillPieces(Base):
    """How many coins or notes of one value were counted when a till was closed."""

    __tablename__ = "till_pieces"
    __table_args__ = (
        CheckConstraint("pieces > 0", name="pieces_positive"),
        CheckConstraint("value_cents > 0", name="value_positive"),
    )

    till_session_id: Mapped[int] = mapped_column(ForeignKey("till_session.id"), primary_key=True)
    value_cents: Mapped[Cents] = mapped_column(primary_key=True)
    pieces: Mapped[int]


append_only(TillMovement.__table__)  # type: ignore[arg-type]
frozen(TillSession.__table__, once="closed_at IS NOT NULL")  # type: ignore[arg-type]
frozen(TillPieces.__table__, once="pieces > 0")  # type: ignore[arg-type]

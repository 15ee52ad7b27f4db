"""The audit trail: what members of staff changed, written once (`services/trail`)."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import one_of
from ocpizza.db import Base
from ocpizza.models.account import Account, Role
from ocpizza.models.append_only import append_only
from ocpizza.models.restaurant import Restaurant


class Subject(StrEnum):
    """What kind of thing was changed; stored as text, so that one more needs no migration."""

    STAFF = "staff"
    PROMOTION = "promotion"
    RESTAURANT = "restaurant"
    ORDER = "order"
    STOCK = "stock"
    PRODUCT = "product"
    INGREDIENT = "ingredient"
    LEGAL_ENTITY = "legal_entity"


class Act(StrEnum):
    """What was done to it."""

    ADDED = "added"
    CHANGED = "changed"
    DELETED = "deleted"


class StaffChange(Base):
    """One change: who made it (None: the command line), when, of what, before and after.

    `restaurant_id` says whose managers see it, None that it is the group's. `account_id` is the
    person that it is about: what it tells of them is emptied when their account is erased.
    """

    __tablename__ = "staff_change"
    __table_args__ = (
        CheckConstraint("(author_id IS NULL) = (author_role IS NULL)", name="author_known"),
        Index(None, "at", "id"),
        Index(None, "subject", "at", "id"),
        Index(None, "restaurant_id", "at", "id"),
        Index(None, "restaurant_id", "subject", "at", "id"),
        Index(None, "author_id", "at", "id"),
        Index(None, "account_id", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author_role: Mapped[Role | None] = mapped_column(one_of(Role, "author_role"))
    restaurant_id: Mapped[int | None] = mapped_column(ForeignKey("restaurant.id"))
    subject: Mapped[str] = mapped_column(String(24))
    act: Mapped[Act] = mapped_column(one_of(Act, "act"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    # What the thing was called then.
    name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    facts_before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    facts_after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")

    author: Mapped[Account | None] = relationship(foreign_keys=[author_id])
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    restaurant: Mapped[Restaurant | None] = relationship()


append_only(cast(Table, StaffChange.__table__), emptied=("facts_before", "facts_after"))

"""What an order says at a given time (its revisions) and what happened to it (its events)."""

from collections.abc import Collection, Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeVar, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Cents, Credential, one_of
from ocpizza.db import Base
from ocpizza.models.account import Account, Role
from ocpizza.models.address import OptionalPostalAddress
from ocpizza.models.append_only import append_only
from ocpizza.models.order_line import OrderLine
from ocpizza.models.order_status import Status
from ocpizza.models.promotion import Promotion


class RevisionState(StrEnum):
    """`pending` waits for a dearer authorisation while the kitchen still sees `current`."""

    PENDING = "pending"
    CURRENT = "current"
    REPLACED = "replaced"
    ABANDONED = "abandoned"


class OrderRevision(OptionalPostalAddress, Base):
    """One version of an order's contents (UC1.3): the old ones are kept."""

    __tablename__ = "order_revision"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        CheckConstraint("subtotal_cents >= 0", name="subtotal_not_negative"),
        CheckConstraint("discount_cents BETWEEN 0 AND subtotal_cents", name="discount_range"),
        CheckConstraint("delivery_fee_cents >= 0", name="delivery_fee_not_negative"),
        CheckConstraint(
            "total_cents = subtotal_cents - discount_cents + delivery_fee_cents", name="total"
        ),
        CheckConstraint(
            "length(checkout_key) = 43 AND (checkout_key IS NOT NULL OR number = 1)",
            name="checkout_key",
        ),
        Index("uq_order_revision_checkout_key", "checkout_key", unique=True),
        Index(
            "uq_order_revision_current",
            "order_id",
            unique=True,
            postgresql_where=text("state = 'current'"),
            sqlite_where=text("state = 'current'"),
        ),
        Index(
            "uq_order_revision_pending",
            "order_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(
            None,
            "promotion_id",
            postgresql_where=text("promotion_id IS NOT NULL"),
            sqlite_where=text("promotion_id IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[int] = mapped_column(default=1)
    state: Mapped[RevisionState] = mapped_column(one_of(RevisionState, "state"))
    comment: Mapped[str] = mapped_column(String(500), default="", server_default="")
    subtotal_cents: Mapped[Cents]
    discount_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))
    delivery_fee_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))
    total_cents: Mapped[Cents]
    promotion_id: Mapped[int | None] = mapped_column(ForeignKey("promotion.id"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    # Of the form that made it and its basket, so that sending it twice makes one revision.
    checkout_key: Mapped[str | None] = mapped_column(Credential(43))
    # Whether and how the summary of this revision was handed out (B2).
    summary_shown_at: Mapped[datetime | None]
    summary_downloaded_at: Mapped[datetime | None]
    summary_mailed_at: Mapped[datetime | None]
    summary_printed_at: Mapped[datetime | None]

    lines: Mapped[list[OrderLine]] = relationship(order_by=OrderLine.position)
    promotion: Mapped[Promotion | None] = relationship()

    @property
    def vat_by_rate(self) -> dict[int, Cents]:
        """The VAT contained in the total, by rate in basis points."""
        return vat_by_rate(self.lines)


class Taxed(Protocol):
    """What of a line says how it is taxed."""

    @property
    def vat_rate(self) -> int: ...
    @property
    def vat_cents(self) -> Cents: ...


def vat_by_rate(lines: Collection[Taxed]) -> dict[int, Cents]:
    """Return the VAT contained in what these lines cost, by rate in basis points."""
    rates = sorted({line.vat_rate for line in lines})
    return {rate: sum(line.vat_cents for line in lines if line.vat_rate == rate) for rate in rates}


class EventKind(StrEnum):
    """What an event tells of."""

    STATUS = "status"
    UNDONE = "undone"
    REVISION = "revision"
    PAYMENT = "payment"
    NOTE = "note"


class OrderEvent(Base):
    """Something that happened to an order, with its time and author; written once."""

    __tablename__ = "order_event"
    __table_args__ = (
        CheckConstraint("(kind = 'status') = (status IS NOT NULL)", name="status_given"),
        CheckConstraint("(kind = 'undone') = (undoes_id IS NOT NULL)", name="undoes_given"),
        # A status is never set twice but for what was undone, whatever runs at the same time.
        Index(
            "uq_order_event_status",
            "order_id",
            "status",
            "undone_before",
            unique=True,
            postgresql_where=text("kind = 'status'"),
            sqlite_where=text("kind = 'status'"),
        ),
        # And undone once.
        Index(
            "uq_order_event_undoes_id",
            "undoes_id",
            unique=True,
            postgresql_where=text("undoes_id IS NOT NULL"),
            sqlite_where=text("undoes_id IS NOT NULL"),
        ),
        Index(None, "order_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[EventKind] = mapped_column(one_of(EventKind, "kind"))
    status: Mapped[Status | None] = mapped_column(one_of(Status, "status"))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    author_role: Mapped[Role | None] = mapped_column(one_of(Role, "author_role"))
    note: Mapped[str] = mapped_column(String(500), default="", server_default="")
    at: Mapped[datetime]
    # The change of status that it takes back.
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("order_event.id"))
    # How many changes of this order's status had been taken back before this one.
    undone_before: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # When somebody pressed whose telephone had no network until `at`.
    tapped_at: Mapped[datetime | None]

    author: Mapped[Account | None] = relationship()


class StatusEvent(Protocol):
    """What of an event tells how the status of an order went."""

    @property
    def id(self) -> int: ...
    @property
    def status(self) -> Status | None: ...
    @property
    def at(self) -> datetime: ...
    @property
    def undoes_id(self) -> int | None: ...


Event = TypeVar("Event", bound=StatusEvent)


def standing(events: Iterable[Event]) -> list[Event]:
    """Return an order's changes of status that stand, in order: those not taken back."""
    events = list(events)
    undone = {event.undoes_id for event in events if event.undoes_id}
    return [event for event in events if event.status and event.id not in undone]


append_only(cast(Table, OrderEvent.__table__))

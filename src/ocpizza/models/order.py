"""An order: who, where, for whom, and the one table that says how its status may change."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol, cast

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Table, false, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship, validates

from ocpizza.column_types import Cents, Credential, one_of
from ocpizza.db import Base, Versioned
from ocpizza.models.account import Account, Role
from ocpizza.models.live_change import noted_live
from ocpizza.models.order_revision import OrderEvent, OrderRevision, StatusEvent, standing
from ocpizza.models.order_status import (
    ENDED,
    UNDER_WAY,
    EndingReason,
    Status,
    UndeliveredReason,
)
from ocpizza.models.payment import Means, PaymentStatus
from ocpizza.models.payment_sums import kept_of, received_of
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.vat import Mode

ALL_MODES = frozenset(Mode)
AT_THE_COUNTER = frozenset({Mode.TAKEAWAY, Mode.EAT_IN})
BY_DRIVER = frozenset({Mode.DELIVERY})
KITCHEN = frozenset({Role.PIZZAIOLO, Role.MANAGER})
DRIVERS = frozenset({Role.DRIVER, Role.MANAGER})
COUNTER = frozenset({Role.CASHIER, Role.MANAGER})
MANAGERS = frozenset({Role.MANAGER})
SYSTEM: frozenset[Role] = frozenset()
CANCELLERS = frozenset({Role.CUSTOMER, Role.CASHIER, Role.MANAGER})
MONEY_RECEIVED = frozenset(
    {PaymentStatus.PAID, PaymentStatus.PARTLY_REFUNDED, PaymentStatus.REFUNDED}
)

# (from, to) → {how it is eaten: who may set it}; what is not here cannot happen.
TRANSITIONS: dict[tuple[Status, Status], dict[Mode, frozenset[Role]]] = {
    (Status.AWAITING_PAYMENT, Status.TO_PREPARE): dict.fromkeys(ALL_MODES, SYSTEM),
    (Status.AWAITING_PAYMENT, Status.CANCELLED): dict.fromkeys(ALL_MODES, CANCELLERS),
    (Status.TO_PREPARE, Status.ACCEPTED): dict.fromkeys(ALL_MODES, KITCHEN),
    (Status.TO_PREPARE, Status.CANCELLED): dict.fromkeys(ALL_MODES, CANCELLERS),
    (Status.ACCEPTED, Status.PREPARING): dict.fromkeys(ALL_MODES, KITCHEN),
    (Status.ACCEPTED, Status.CANCELLED): dict.fromkeys(ALL_MODES, CANCELLERS),
    (Status.PREPARING, Status.READY): dict.fromkeys(ALL_MODES, KITCHEN),
    (Status.READY, Status.OUT_FOR_DELIVERY): dict.fromkeys(BY_DRIVER, DRIVERS),
    (Status.READY, Status.DELIVERED): dict.fromkeys(AT_THE_COUNTER, COUNTER),
    (Status.READY, Status.NOT_DELIVERED): dict.fromkeys(ALL_MODES, MANAGERS),
    (Status.OUT_FOR_DELIVERY, Status.DELIVERED): dict.fromkeys(BY_DRIVER, DRIVERS),
    (Status.OUT_FOR_DELIVERY, Status.NOT_DELIVERED): dict.fromkeys(BY_DRIVER, MANAGERS),
}

# A wrong tap is taken back so long: what follows from one of these steps is due only then.
UNDO = timedelta(seconds=10)
UNDOABLE = frozenset(
    {
        (Status.TO_PREPARE, Status.ACCEPTED),
        (Status.ACCEPTED, Status.PREPARING),
        (Status.PREPARING, Status.READY),
        (Status.READY, Status.OUT_FOR_DELIVERY),
    }
)


LAST_DIGITS = "substr(phone, length(phone) - 3)"


class Source(StrEnum):
    """Where an order came from."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    PARTNER = "partner"


class PaymentChoice(StrEnum):
    """B3: pay now (B31) or when the order is handed over (B32)."""

    ONLINE = "online"
    ON_DELIVERY = "on_delivery"


class Known(Protocol):
    """What has to be known of an order to tell what follows."""

    @property
    def status(self) -> Status: ...
    @property
    def payment_choice(self) -> PaymentChoice: ...
    @property
    def payment_status(self) -> PaymentStatus: ...
    @property
    def total_cents(self) -> Cents: ...
    @property
    def received_cents(self) -> Cents: ...
    @property
    def kept_cents(self) -> Cents: ...
    @property
    def events(self) -> Sequence[StatusEvent]: ...


class Consequences:
    """What follows from what is known of an order, however it was read."""

    @property
    def changeable(self: Known) -> bool:
        """Whether it may still be changed or cancelled (UC1.3, UC1.4): preparation not begun."""
        confirmed = self.status is not Status.AWAITING_PAYMENT
        return confirmed and (self.status, Status.CANCELLED) in TRANSITIONS

    @property
    def due_cents(self: Known) -> Cents:
        """What is to be collected when it is handed over (B32): nothing of what is paid online."""
        online = self.payment_choice is PaymentChoice.ONLINE
        never = self.status in (Status.CANCELLED, Status.NOT_DELIVERED)
        if online or never:
            return 0
        if self.payment_status not in MONEY_RECEIVED:
            return self.total_cents
        # Whoever handed it over received the whole of what was due.
        over = self.status is Status.DELIVERED
        return 0 if over else max(0, self.total_cents - self.received_cents)

    @property
    def excess_cents(self: Known) -> Cents:
        """What is to be given back of what was paid in advance: it is cheaper now, or cancelled."""
        online = self.payment_choice is PaymentChoice.ONLINE
        over = self.status in (Status.DELIVERED, Status.NOT_DELIVERED)
        if online or over or self.payment_status not in MONEY_RECEIVED:
            return 0
        costs = 0 if self.status is Status.CANCELLED else self.total_cents
        return max(0, min(self.received_cents - costs, self.kept_cents))

    @property
    def reached(self: Known) -> dict[Status, datetime]:
        """The statuses that it has come to, with their times; none that was undone."""
        return {event.status: event.at for event in standing(self.events) if event.status}


class Order(Consequences, Versioned, Base):
    """An order. What may change while it waits (contents, address, sums) is in its revisions."""

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(
            "phone IS NOT NULL OR email IS NOT NULL OR source = 'counter' OR erased_at IS NOT NULL",
            name="contact",
        ),
        CheckConstraint("tip_cents >= 0", name="tip_not_negative"),
        CheckConstraint(
            "status <> 'awaiting_payment' OR hold_expires_at IS NOT NULL", name="hold_expires"
        ),
        CheckConstraint(
            "status <> 'not_delivered' OR ending_note IS NOT NULL", name="ending_reason"
        ),
        CheckConstraint(
            "length(checkout_key) = 43 AND (checkout_key IS NOT NULL OR source <> 'web')",
            name="checkout_key",
        ),
        Index(None, "restaurant_id", "status", "placed_at"),
        Index(None, "restaurant_id", "business_day"),
        Index(None, "account_id", "placed_at"),
        # By what callers are found: the last four digits, as both databases write them.
        Index("ix_orders_last_digits", "restaurant_id", text(LAST_DIGITS), "placed_at"),
        # What the worker looks for: orders that still name a person, the oldest first.
        Index(
            "ix_orders_not_erased",
            "placed_at",
            postgresql_where=text("erased_at IS NULL"),
            sqlite_where=text("erased_at IS NULL"),
        ),
        # And those that still say where they came from.
        Index(
            "ix_orders_network_known",
            "placed_at",
            postgresql_where=text("network IS NOT NULL"),
            sqlite_where=text("network IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(12), unique=True)
    tracking_token: Mapped[str] = mapped_column(Credential(43), unique=True)
    # Of the form that placed it and its basket (`services.checkout.proof`).
    checkout_key: Mapped[str | None] = mapped_column(Credential(43), unique=True)
    restaurant_id: Mapped[int] = mapped_column(ForeignKey("restaurant.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    pizzaiolo_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    driver_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    source: Mapped[Source] = mapped_column(one_of(Source, "source"))
    mode: Mapped[Mode] = mapped_column(one_of(Mode, "mode"))
    status: Mapped[Status] = mapped_column(one_of(Status, "status"))
    payment_choice: Mapped[PaymentChoice] = mapped_column(one_of(PaymentChoice, "payment_choice"))
    means: Mapped[Means] = mapped_column(one_of(Means, "means"))
    payment_status: Mapped[PaymentStatus] = mapped_column(
        one_of(PaymentStatus, "payment_status"), default=PaymentStatus.UNPAID
    )
    contact_name: Mapped[str] = mapped_column(String(100))
    phone: Mapped[str | None] = mapped_column(Credential(20), index=True)
    email: Mapped[str | None] = mapped_column(Credential(254), index=True)
    language: Mapped[str] = mapped_column(String(5), default="fr", server_default="fr")
    tip_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))
    placed_at: Mapped[datetime]
    business_day: Mapped[date]
    wished_at: Mapped[datetime | None]
    expected_at: Mapped[datetime]
    hold_expires_at: Mapped[datetime | None] = mapped_column(index=True)
    ending_reason: Mapped[EndingReason | None] = mapped_column(one_of(EndingReason, "ending_code"))
    ending_note: Mapped[str | None] = mapped_column(String(500))
    undelivered_reason: Mapped[UndeliveredReason | None] = mapped_column(
        one_of(UndeliveredReason, "undelivered_reason")
    )
    # When its driver found nobody at the door, until the manager decides.
    nobody_at: Mapped[datetime | None]
    terms_accepted_at: Mapped[datetime | None]
    # When its customer said that they are 18, while it holds alcohol: whoever hands it over asks.
    of_age_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    # Where it was ordered from, as far as limits need it and while they do.
    network: Mapped[str | None] = mapped_column(String(64))
    # Until when the counter must have confirmed it by telephone, before the kitchen begins.
    confirm_by: Mapped[datetime | None] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    # Whether nobody of this phone, e-mail or account had received an order before.
    first_purchase: Mapped[bool] = mapped_column(default=False, server_default=false())

    # Read where a page asks for them (`undefer_group`); after its lock, of the payments themselves.
    received_cents: Mapped[Cents] = column_property(received_of(id), deferred=True, group="money")
    kept_cents: Mapped[Cents] = column_property(kept_of(id), deferred=True, group="money")

    restaurant: Mapped[Restaurant] = relationship()
    account: Mapped[Account | None] = relationship(foreign_keys=[account_id])
    pizzaiolo: Mapped[Account | None] = relationship(foreign_keys=[pizzaiolo_id])
    driver: Mapped[Account | None] = relationship(foreign_keys=[driver_id])
    revisions: Mapped[list[OrderRevision]] = relationship(order_by=OrderRevision.number)
    revision: Mapped[OrderRevision] = relationship(
        primaryjoin="and_(Order.id == OrderRevision.order_id, OrderRevision.state == 'current')",
        uselist=False,
        viewonly=True,
    )
    events: Mapped[list[OrderEvent]] = relationship(order_by=OrderEvent.id)

    @validates("status")
    def _forget_limits(self, _name: str, status: Status) -> Status:
        if status in ENDED:
            # What was held beyond the limit and never paid is remembered for hours (`tidy`).
            held = self.confirm_by is not None or self.hold_expires_at is not None
            if not (held and status is Status.CANCELLED):
                self.network = None
            self.confirm_by = None
        return status

    def is_late(self, now: datetime) -> bool:
        """Return whether somebody has waited for it longer than they were told."""
        return is_late(self.status, self.expected_at, now)

    @property
    def total_cents(self) -> Cents:
        """What it costs as it stands."""
        return self.revision.total_cents

    def next_statuses(self, role: Role) -> list[Status]:
        """Return the statuses that somebody of this role may set now."""
        if self.confirm_by is not None:
            return []
        return [
            after
            for (before, after), actors in TRANSITIONS.items()
            if before is self.status and role in actors.get(self.mode, ())
        ]


def is_late(status: Status, expected_at: datetime, now: datetime) -> bool:
    """Return whether somebody has waited for an order longer than they were told."""
    return status in UNDER_WAY and now > expected_at


noted_live(cast(Table, Order.__table__))

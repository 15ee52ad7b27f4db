"""Money received and given back; an order's payment status follows from its payments."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Cents, Credential, one_of
from ocpizza.db import Base, Versioned


class Means(StrEnum):
    """What an order is paid with (B3)."""

    ONLINE_CARD = "online_card"
    CASH = "cash"
    CARD_TERMINAL = "card_terminal"
    MEAL_VOUCHER = "meal_voucher"
    OTHER = "other"


class PaymentState(StrEnum):
    """Where one payment stands."""

    CREATED = "created"
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    RELEASED = "released"
    FAILED = "failed"


class PaymentGoal(StrEnum):
    """What is wanted of a payment at Stripe; what is done there follows (`payments.settle`)."""

    AUTHORISE = "authorise"
    CAPTURE = "capture"
    RELEASE = "release"


# Where a payment stands → where it may come to; what is not here cannot happen.
PAYMENT_STEPS: dict[PaymentState, frozenset[PaymentState]] = {
    PaymentState.CREATED: frozenset(
        {PaymentState.AUTHORISED, PaymentState.CAPTURED, PaymentState.RELEASED}
    ),
    PaymentState.AUTHORISED: frozenset(
        {PaymentState.CAPTURED, PaymentState.RELEASED, PaymentState.FAILED}
    ),
}


class PaymentStatus(StrEnum):
    """Where the payments of an order stand together."""

    UNPAID = "unpaid"
    AUTHORISED = "authorised"
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    RELEASED = "released"
    FAILED = "failed"


class Receipt(Base):
    """The number given when money is recorded: without a gap within a legal entity."""

    __tablename__ = "receipt"
    __table_args__ = (
        UniqueConstraint("legal_entity_id", "number"),
        CheckConstraint("number > 0", name="number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    legal_entity_id: Mapped[int] = mapped_column(ForeignKey("legal_entity.id"))
    number: Mapped[int]
    issued_at: Mapped[datetime]


GIVEN_AT_DOOR = "stripe_refund_id IS NULL AND till_session_id IS NULL AND till_movement_id IS NULL"
NOT_BROUGHT = "means = 'cash' AND till_session_id IS NULL AND till_movement_id IS NULL"


class Payment(Versioned, Base):
    """One payment of an order; `tendered_cents` is what the customer handed over in cash."""

    __tablename__ = "payment"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        CheckConstraint("captured_cents BETWEEN 0 AND amount_cents", name="captured_range"),
        CheckConstraint("(state = 'captured') = (captured_cents > 0)", name="captured_state"),
        CheckConstraint("captured_cents = 0 OR receipt_id IS NOT NULL", name="receipt_given"),
        CheckConstraint("tendered_cents >= captured_cents", name="tendered_enough"),
        CheckConstraint("(means = 'online_card') = (recorded_by_id IS NULL)", name="recorded_by"),
        CheckConstraint("currency = 'EUR'", name="currency"),
        # What drivers collected in cash and have not brought to a till yet.
        Index(
            "ix_payment_not_brought",
            "settled_at",
            postgresql_where=text(NOT_BROUGHT),
            sqlite_where=text(NOT_BROUGHT),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    means: Mapped[Means] = mapped_column(one_of(Means, "means"))
    state: Mapped[PaymentState] = mapped_column(one_of(PaymentState, "state"))
    # Its column keeps the name that a version before this one reads until it is restarted.
    goal: Mapped[PaymentGoal] = mapped_column(
        "wish", one_of(PaymentGoal, "wish"), default=PaymentGoal.CAPTURE, server_default="capture"
    )
    currency: Mapped[str] = mapped_column(String(3), default="EUR", server_default="EUR")
    amount_cents: Mapped[Cents]
    captured_cents: Mapped[Cents] = mapped_column(default=0, server_default=text("0"))
    tendered_cents: Mapped[Cents | None]
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"), unique=True)
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    idempotency_key: Mapped[str | None] = mapped_column(Credential(64), unique=True)
    stripe_intent_id: Mapped[str | None] = mapped_column(Credential(64), unique=True)
    # When Stripe is asked next, and how often in a row it has not answered.
    retry_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    # From when on it may be captured: until then the step that asks for it may be undone.
    capture_from: Mapped[datetime | None]
    # Stripe's code of the last refusal, until a card is accepted.
    refusal: Mapped[str | None] = mapped_column(String(64))
    # Of the till that it was received at; or the movement by which a driver brought it there.
    till_session_id: Mapped[int | None] = mapped_column(ForeignKey("till_session.id"), index=True)
    till_movement_id: Mapped[int | None] = mapped_column(ForeignKey("till_movement.id"), index=True)
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)

    receipt: Mapped[Receipt | None] = relationship()
    refunds: Mapped[list["Refund"]] = relationship(order_by="Refund.id")


class RefundState(StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"
    DONE = "done"
    FAILED = "failed"


class RefundReason(StrEnum):
    """Why money is given back; what the manager says of it is a note.

    What is decided is a gesture: it leaves what was paid for the order as it is.
    """

    DECIDED = "decided"
    OF_CANCELLED_ORDER = "of_cancelled_order"
    OF_CHANGED_ORDER = "of_changed_order"
    GIVEN_AT_STRIPE = "given_at_stripe"


class Refund(Base):
    """Money given back: by a manager's decision and with their note, or for a reason of ours."""

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount_cents > 0", name="amount_positive"),
        # What drivers gave back at doors and have not made up for at a till yet.
        Index(
            "ix_refund_not_brought",
            "requested_at",
            postgresql_where=text(GIVEN_AT_DOOR),
            sqlite_where=text(GIVEN_AT_DOOR),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    state: Mapped[RefundState] = mapped_column(one_of(RefundState, "state"))
    amount_cents: Mapped[Cents]
    reason: Mapped[RefundReason] = mapped_column(
        one_of(RefundReason, "reason"), default=RefundReason.DECIDED, server_default="decided"
    )
    note: Mapped[str] = mapped_column(String(500), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    idempotency_key: Mapped[str | None] = mapped_column(Credential(64), unique=True)
    stripe_refund_id: Mapped[str | None] = mapped_column(Credential(64), unique=True)
    # As of a payment: the till that it was taken from, or the movement that a driver made up by.
    till_session_id: Mapped[int | None] = mapped_column(ForeignKey("till_session.id"), index=True)
    till_movement_id: Mapped[int | None] = mapped_column(ForeignKey("till_movement.id"), index=True)
    requested_at: Mapped[datetime] = mapped_column(index=True)


class StripeEvent(Base):
    """A webhook event of Stripe's, stored once whatever the number of its copies."""

    __tablename__ = "stripe_event"
    __table_args__ = (Index(None, "handled_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(64))
    object_id: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class PaymentEvent(StrEnum):
    """The note of an order's event about its payment."""

    AUTHORISED = "authorised"
    CAPTURED = "captured"
    CAPTURE_REFUSED = "capture_refused"
    CHANGE_ABANDONED = "change_abandoned"
    ON_DELIVERY = "on_delivery"
    RECEIVED = "received"
    REFUND_REQUESTED = "refund_requested"
    REFUNDED = "refunded"
    REFUND_FAILED = "refund_failed"


def payment_status(payments: Sequence[Payment]) -> PaymentStatus:
    """Return the status of an order that has these payments, their refunds included."""
    captured = sum(payment.captured_cents for payment in payments)
    refunded = sum(
        refund.amount_cents
        for payment in payments
        for refund in payment.refunds
        if refund.state is RefundState.DONE
    )
    if captured:
        if not refunded:
            return PaymentStatus.PAID
        return PaymentStatus.REFUNDED if refunded >= captured else PaymentStatus.PARTLY_REFUNDED
    states = {payment.state for payment in payments}
    for state, status in _STATUS_WITHOUT_MONEY.items():
        if state in states:
            return status
    return PaymentStatus.UNPAID


_STATUS_WITHOUT_MONEY = {
    PaymentState.AUTHORISED: PaymentStatus.AUTHORISED,
    PaymentState.CREATED: PaymentStatus.UNPAID,
    PaymentState.FAILED: PaymentStatus.FAILED,
    PaymentState.RELEASED: PaymentStatus.RELEASED,
}


def received_cents(payments: Sequence[Payment]) -> Cents:
    """Return what was received for an order, less what went back over the counter because it
    became cheaper or was cancelled.
    """
    taken = sum(payment.captured_cents for payment in payments)
    back = (each for each in _given_back(payments) if each.reason is not RefundReason.DECIDED)
    return taken - sum(refund.amount_cents for refund in back)


def kept_cents(payments: Sequence[Payment]) -> Cents:
    """Return what the counter and the drivers have of an order's money, whatever went back why."""
    taken = sum(each.captured_cents for each in payments if each.means is not Means.ONLINE_CARD)
    return taken - sum(refund.amount_cents for refund in _given_back(payments))


def _given_back(payments: Sequence[Payment]) -> list[Refund]:
    """Return what was given back by hand, and not by Stripe."""
    return [
        refund
        for payment in payments
        if payment.means is not Means.ONLINE_CARD
        for refund in payment.refunds
        if refund.state is not RefundState.FAILED
    ]

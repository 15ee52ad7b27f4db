"""The outbox: mail that `ocpizza work` sends, so that mail never slows or fails an order."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import one_of
from ocpizza.db import Base
from ocpizza.models.account import Account
from ocpizza.models.order import Order


class MailKind(StrEnum):
    """What a mail tells: of an order (product.md, « Live tracking »), or of an account."""

    ORDER_CONFIRMED = "order_confirmed"
    ORDER_CHANGED = "order_changed"
    ORDER_ACCEPTED = "order_accepted"
    ORDER_READY = "order_ready"
    ORDER_ON_ITS_WAY = "order_on_its_way"
    ORDER_DELIVERED = "order_delivered"
    ORDER_CANCELLED = "order_cancelled"
    EMAIL_CONFIRMATION = "email_confirmation"
    PASSWORD_RESET = "password_reset"  # noqa: S105  (the name of a mail)
    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    EMAIL_CHANGED = "email_changed"
    IDENTITY_JOINED = "identity_joined"
    IDENTITY_REMOVED = "identity_removed"
    SECOND_FACTOR_SET = "second_factor_set"
    SECOND_FACTOR_REMOVED = "second_factor_removed"
    ACCOUNT_UNUSED = "account_unused"
    ACCOUNT_ERASED = "account_erased"


WITH_SUMMARY = frozenset({MailKind.ORDER_CONFIRMED, MailKind.ORDER_CHANGED})


class OutgoingMail(Base):
    """One mail to be written and sent; `dedupe_key` names its event, told once.

    `values` are what its text needs beside the order or account; they go once it is sent.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index(None, "sent_at", "due_at"),
        # What the worker looks for: mail that still names somebody.
        Index(
            "ix_outgoing_mail_named",
            "created_at",
            postgresql_where=text("recipient <> ''"),
            sqlite_where=text("recipient <> ''"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dedupe_key: Mapped[str] = mapped_column(String(100), unique=True)
    kind: Mapped[MailKind] = mapped_column(one_of(MailKind, "kind"))
    language: Mapped[str] = mapped_column(String(5), default="fr", server_default="fr")
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    values: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    created_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None] = mapped_column(String(500))
    # Since when the server refuses it, or does not answer, and has taken no other.
    refused_since: Mapped[datetime | None]

    order: Mapped[Order | None] = relationship()
    account: Mapped[Account | None] = relationship()

    @property
    def carries_summary(self) -> bool:
        """Whether the order's summary goes with it (B2; L221-13)."""
        return self.kind in WITH_SUMMARY

"""Cards that Stripe keeps for a customer, and what it is to forget."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.column_types import Credential
from ocpizza.db import Base


class SavedCard(Base):
    """A card kept at Stripe: its id there and what a person recognises it by, nothing else."""

    __tablename__ = "saved_card"
    __table_args__ = (CheckConstraint("length(last4) = 4", name="last4_length"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    stripe_payment_method_id: Mapped[str] = mapped_column(Credential(64), unique=True)
    brand: Mapped[str] = mapped_column(String(20))
    last4: Mapped[str] = mapped_column(String(4))
    saved_at: Mapped[datetime]


class StripeRemoval(Base):
    """A customer or a card still to be taken away at Stripe (`payments.remove`); then forgotten."""

    __tablename__ = "stripe_removal"

    stripe_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    retry_at: Mapped[datetime] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(default=0, server_default=text("0"))

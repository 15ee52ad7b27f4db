"""Uploaded pictures, and the summaries that were handed out (B2)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, deferred, mapped_column

from ocpizza.db import Base, one_of


class Picture(Base):
    """A picture uploaded by staff; without one a product is drawn from its toppings."""

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    uploaded_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))


class Channel(StrEnum):
    """How a summary was handed out."""

    SCREEN = "screen"
    PDF = "pdf"
    EMAIL = "email"
    PAPER = "paper"


class SummaryDelivery(Base):
    """The summary of a revision was handed out this way; once per way is enough to know."""

    __tablename__ = "summary_delivery"

    revision_id: Mapped[int] = mapped_column(ForeignKey("order_revision.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(one_of(Channel, "channel"), primary_key=True)
    at: Mapped[datetime]

"""Where somebody is signed in: one row a device, gone when they sign out there."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base, Credential


class SignInSession(Base):
    """Its cookie holds a random id, of which only the SHA-256 is kept.

    It counts only while `session_version` is its account's.
    """

    __tablename__ = "sign_in_session"

    sha256: Mapped[str] = mapped_column(Credential(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    session_version: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime] = mapped_column(index=True)

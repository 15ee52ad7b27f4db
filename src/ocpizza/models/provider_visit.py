"""People sent to Google or Facebook to say who they are, expected back once (C12)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base, Credential


class ProviderVisit(Base):
    """One authorization request under way; the row goes when its answer comes.

    `account_id` is whose sign-in way it is to become, None where somebody signs in.
    """

    __tablename__ = "provider_visit"

    state_sha256: Mapped[str] = mapped_column(Credential(64), primary_key=True)
    provider: Mapped[str] = mapped_column(String(20))
    code_verifier: Mapped[str] = mapped_column(String(128))
    next_path: Mapped[str | None] = mapped_column(String(2000))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    expires_at: Mapped[datetime] = mapped_column(index=True)

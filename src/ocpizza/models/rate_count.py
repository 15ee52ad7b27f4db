"""How often something was done that has a limit: numbers and codes tried, accounts made."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base


class RateCount(Base):
    """Tries under one key (what, and by whom; only its SHA-256 is kept) in one window."""

    __tablename__ = "lookup_count"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries_not_negative"),)

    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    tries: Mapped[int]

"""How often somebody has tried to find an order by its number (B5)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base


class LookupCount(Base):
    """Tries under one key (an address, an order number; only its SHA-256 is kept) in one window."""

    __tablename__ = "lookup_count"
    __table_args__ = (CheckConstraint("tries >= 0", name="tries_not_negative"),)

    key_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    tries: Mapped[int]

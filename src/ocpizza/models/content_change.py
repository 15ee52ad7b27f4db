"""What updates changed in the database: each once, whichever host brings it."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base


class ContentChange(Base):
    """An SQL component that was run, in the transaction that this row is of.

    A killed update knows by it whether its release belongs in place.
    """

    __tablename__ = "content_change"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    address: Mapped[str] = mapped_column(String(255))
    release: Mapped[str] = mapped_column(String(32), index=True)
    applied_at: Mapped[datetime]

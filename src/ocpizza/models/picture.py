"""Photos of products that staff upload, as they are shown."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base


class Picture(Base):
    """A photo, made anew from an upload; without one a product is drawn from its toppings.

    `content` is the square of a product's page, `small` that of its card. One that no product shows
    any more goes some time after `replaced_at`.
    """

    __tablename__ = "picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    small: Mapped[bytes] = mapped_column(LargeBinary, deferred=True, server_default="")
    uploaded_at: Mapped[datetime]
    author_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    replaced_at: Mapped[datetime | None]

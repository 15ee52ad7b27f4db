"""The columns of a postal address, shared by every table that has one."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column


class PostalAddress:
    """A complete postal address in France or elsewhere."""

    street: Mapped[str] = mapped_column(String(200))
    postcode: Mapped[str] = mapped_column(String(10))
    town: Mapped[str] = mapped_column(String(100))
    country: Mapped[str] = mapped_column(String(2), default="FR", server_default="FR")


class OptionalPostalAddress:
    """Where to deliver, if anywhere."""

    street: Mapped[str | None] = mapped_column(String(200))
    complement: Mapped[str | None] = mapped_column(String(200))
    postcode: Mapped[str | None] = mapped_column(String(10))
    town: Mapped[str | None] = mapped_column(String(100))
    country: Mapped[str | None] = mapped_column(String(2))

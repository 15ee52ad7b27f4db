"""What somebody had typed when their post was refused, until they have shown who they are."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base


class KeptForm(Base):
    """The last such post of an account: the page of its form, where it was sent, its fields.

    No secret is among them, and nobody else is shown them.
    """

    __tablename__ = "kept_form"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    page: Mapped[str] = mapped_column(String(500))
    target: Mapped[str] = mapped_column(String(500))
    # [name, value] in the order of the page.
    fields: Mapped[list[list[str]]] = mapped_column(JSON)
    kept_at: Mapped[datetime] = mapped_column(index=True)

"""What customers come back for."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.db import Base


class Favourite(Base):
    """A product that somebody wants to find again at once, at whatever restaurant."""

    __tablename__ = "favourite"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), primary_key=True)
    since: Mapped[datetime]

"""Who sells: the company behind one or more restaurants (some are franchised)."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.db import Base, Versioned
from ocpizza.models.address import PostalAddress


class LegalEntity(PostalAddress, Versioned, Base):
    """A company with its registration, as receipts must show it (Code de commerce R123-237)."""

    __tablename__ = "legal_entity"
    __table_args__ = (
        CheckConstraint("length(siret) = 14", name="siret_length"),
        CheckConstraint("last_receipt_number >= 0", name="last_receipt_number_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    siret: Mapped[str] = mapped_column(String(14), unique=True)
    vat_number: Mapped[str] = mapped_column(String(20))
    stripe_account: Mapped[str | None] = mapped_column(String(64))
    # Taken under a row lock, so that receipt numbers have no gap.
    last_receipt_number: Mapped[int] = mapped_column(default=0, server_default=text("0"))

    former: Mapped[list["FormerLegalEntity"]] = relationship(order_by="FormerLegalEntity.until")

    def as_of(self, at: datetime) -> "LegalEntity | FormerLegalEntity":
        """Return the company as it was registered then: what was handed out keeps what it says."""
        return next((each for each in self.former if at < each.until), self)


class FormerLegalEntity(PostalAddress, Base):
    """What a company's registration said until then."""

    __tablename__ = "former_legal_entity"

    legal_entity_id: Mapped[int] = mapped_column(ForeignKey("legal_entity.id"), primary_key=True)
    until: Mapped[datetime] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    siret: Mapped[str] = mapped_column(String(14))
    vat_number: Mapped[str] = mapped_column(String(20))

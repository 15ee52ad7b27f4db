"""People known to us: customers and staff, and where they live."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Credential, one_of
from ocpizza.db import Base, Versioned
from ocpizza.models.address import PostalAddress


class AccountStatus(StrEnum):
    """Whether an account may sign in."""

    ACTIVE = "active"
    INACTIVE = "inactive"


class Role(StrEnum):
    """What an account may do (product.md, « Who uses it »)."""

    CUSTOMER = "customer"
    CASHIER = "cashier"
    PIZZAIOLO = "pizzaiolo"
    DRIVER = "driver"
    MANAGER = "manager"


class Account(Versioned, Base):
    """A person known to us. Erasing one empties these columns and keeps the row for the orders."""

    __tablename__ = "account"
    __table_args__ = (
        CheckConstraint("identifier = lower(identifier)", name="identifier_lower"),
        CheckConstraint("email = lower(email)", name="email_lower"),
        # What the worker looks for: accounts that nobody has used for long.
        Index(
            None,
            "last_seen_at",
            postgresql_where=text("last_seen_at IS NOT NULL"),
            sqlite_where=text("last_seen_at IS NOT NULL"),
        ),
        Index(
            "ix_account_never_seen",
            "created_at",
            # Nor those that were erased: they are kept, and more each year.
            postgresql_where=text("last_seen_at IS NULL AND erased_at IS NULL"),
            sqlite_where=text("last_seen_at IS NULL AND erased_at IS NULL"),
        ),
        Index(
            "ix_account_unconfirmed",
            "created_at",
            postgresql_where=text("email_verified_at IS NULL AND email IS NOT NULL"),
            sqlite_where=text("email_verified_at IS NULL AND email IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier: Mapped[str | None] = mapped_column(Credential(254), unique=True)
    email: Mapped[str | None] = mapped_column(Credential(254), unique=True)
    email_verified_at: Mapped[datetime | None]
    password_hash: Mapped[str | None] = mapped_column(Credential(200))
    first_name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    last_name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    phone: Mapped[str | None] = mapped_column(String(20))
    birthday: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(5), default="fr", server_default="fr")
    status: Mapped[AccountStatus] = mapped_column(
        one_of(AccountStatus, "status"), default=AccountStatus.ACTIVE
    )
    # Raised to sign a person out everywhere.
    session_version: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    stripe_customer_id: Mapped[str | None] = mapped_column(Credential(64), unique=True)
    created_at: Mapped[datetime]
    # When it was last used, or asked to be kept; and when its owner was told that it will go.
    last_seen_at: Mapped[datetime | None]
    erasure_announced_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]

    employee: Mapped["Employee | None"] = relationship(back_populates="account")

    @property
    def full_name(self) -> str:
        """First and last name, as shown to colleagues."""
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def names(self) -> tuple[str, ...]:
        """By what its owner is known, which is no secret."""
        known = (self.first_name, self.last_name, self.email, self.identifier)
        return tuple(name for name in known if name)


class Employee(Versioned, Base):
    """The job of an account; only a manager may have no restaurant: the group's."""

    __tablename__ = "employee"
    __table_args__ = (
        CheckConstraint("role <> 'customer'", name="role_is_staff"),
        CheckConstraint("restaurant_id IS NOT NULL OR role = 'manager'", name="has_restaurant"),
    )

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(one_of(Role, "role"))
    restaurant_id: Mapped[int | None] = mapped_column(ForeignKey("restaurant.id"), index=True)

    account: Mapped[Account] = relationship(back_populates="employee")

    @property
    def manages_group(self) -> bool:
        """Whether it is a manager of all restaurants: never let in by a password alone."""
        return self.role is Role.MANAGER and self.restaurant_id is None


class AddressUse(StrEnum):
    """What a customer keeps an address for."""

    DELIVERY = "delivery"
    BILLING = "billing"


class AccountAddress(PostalAddress, Base):
    """An address that a customer keeps, one for each use."""

    __tablename__ = "account_address"
    __table_args__ = (UniqueConstraint("account_id", "use"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    use: Mapped[AddressUse] = mapped_column(one_of(AddressUse, "use"))
    complement: Mapped[str | None] = mapped_column(String(200))
    email: Mapped[str | None] = mapped_column(Credential(254))
    phone: Mapped[str | None] = mapped_column(String(20))

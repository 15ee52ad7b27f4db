"""How people sign in, where they are signed in, and who only tries to."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.column_types import Credential
from ocpizza.db import Base


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


class SignInSession(Base):
    """Its cookie holds a random id, of which only the SHA-256 is kept.

    It counts only while `session_version` is its account's. `two_factors`: a second one was shown.
    `shared`: whether it is at a device of several people, None of customers.
    """

    __tablename__ = "sign_in_session"

    sha256: Mapped[str] = mapped_column(Credential(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    session_version: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(index=True)
    last_seen_at: Mapped[datetime] = mapped_column(index=True)
    two_factors: Mapped[bool] = mapped_column(default=False, server_default=false())
    shared: Mapped[bool | None]


class ExternalIdentity(Base):
    """A Google or Facebook account joined to one of ours (C12)."""

    __tablename__ = "external_identity"
    __table_args__ = (UniqueConstraint("provider", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    provider: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(Credential(255))
    email: Mapped[str | None] = mapped_column(Credential(254))
    linked_at: Mapped[datetime]


class AccountToken(Base):
    """A link sent to `email` (confirmation, new password): only its SHA-256 is kept, used once."""

    __tablename__ = "account_token"

    sha256: Mapped[str] = mapped_column(Credential(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))
    email: Mapped[str | None] = mapped_column(Credential(254))
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class SignInAttempt(Base):
    """A try at a password, wrong unless it `succeeded`; counted to slow guessing down.

    `client_address` is a network (`domain.client_address`).
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index(None, "identifier_sha256", "at"),
        Index(None, "client_address", "at"),
        Index(None, "at"),
        Index(
            "ix_sign_in_attempt_wrong_at",
            "at",
            postgresql_where=text("NOT succeeded"),
            sqlite_where=text("NOT succeeded"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identifier_sha256: Mapped[str] = mapped_column(Credential(64))
    client_address: Mapped[str] = mapped_column(String(45))
    at: Mapped[datetime]
    succeeded: Mapped[bool] = mapped_column(default=False, server_default=false())

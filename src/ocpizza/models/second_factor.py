"""What is asked for beside a password: an application's code, or one that was written down."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.column_types import Credential
from ocpizza.db import Base


class SecondFactor(Base):
    """The key that an account shares with an authenticator application.

    `last_step` is the half minute of the last code that was used: neither it nor an earlier one
    opens anything again.
    """

    __tablename__ = "second_factor"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    key: Mapped[str] = mapped_column(Credential(32))
    last_step: Mapped[int] = mapped_column(BigInteger)
    enrolled_at: Mapped[datetime]


class RecoveryCode(Base):
    """A code that stands in for the application's, once: the row goes when it is used."""

    __tablename__ = "recovery_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(Credential(64), primary_key=True)


class HalfSignIn(Base):
    """Somebody whose password was right and whose second factor is awaited: signed in nowhere.

    Its cookie holds a random id, of which only the SHA-256 is kept. `key` is one that they are
    about to take into their application.
    """

    __tablename__ = "half_sign_in"

    sha256: Mapped[str] = mapped_column(Credential(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    session_version: Mapped[int]
    key: Mapped[str | None] = mapped_column(Credential(32))
    next_path: Mapped[str | None] = mapped_column(String(2000))
    expires_at: Mapped[datetime] = mapped_column(index=True)

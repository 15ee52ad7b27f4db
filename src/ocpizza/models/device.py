"""Devices that staff work at, and who changes places at one with four digits."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from ocpizza.column_types import Credential
from ocpizza.db import Base


class Device(Base):
    """A device until the end of a business day; its cookie holds a secret, kept as a SHA-256."""

    __tablename__ = "device"

    sha256: Mapped[str] = mapped_column(Credential(64), primary_key=True)
    shared: Mapped[bool]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DevicePerson(Base):
    """Somebody who has signed in with their password at a device today.

    It counts only while `session_version` is their account's. `wrong_codes` since then.
    """

    __tablename__ = "device_person"
    __table_args__ = (CheckConstraint("wrong_codes >= 0", name="wrong_codes_not_negative"),)

    device_sha256: Mapped[str] = mapped_column(ForeignKey("device.sha256"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True, index=True)
    session_version: Mapped[int]
    wrong_codes: Mapped[int] = mapped_column(default=0, server_default=text("0"))


class QuickCode(Base):
    """Four digits by which somebody takes their place again at a shared device."""

    __tablename__ = "quick_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(Credential(200))
    set_at: Mapped[datetime]

"""What drivers tapped on their telephone, each tap recorded once however often it is sent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ocpizza.column_types import Cents, Credential, one_of
from ocpizza.db import Base
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status


class TapKind(StrEnum):
    """What a driver tapped."""

    TAKE = "take"
    DELIVER = "deliver"
    NOBODY = "nobody"


class TapOutcome(StrEnum):
    """What came of it."""

    DONE = "done"
    MOVED_ON = "moved_on"
    NOT_ALLOWED = "not_allowed"
    TOO_LITTLE = "too_little"
    OTHER_SUM = "other_sum"


class DeliveryTap(Base):
    """One tap: the telephone names it by a UUID, and is answered the same whenever it asks.

    `tapped_at` is when it was pressed, as far as that can be; `received_at` when it came here.
    """

    __tablename__ = "delivery_tap"
    __table_args__ = (
        UniqueConstraint("account_id", "key"),
        CheckConstraint("tapped_at <= received_at", name="tapped_before_received"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    key: Mapped[str] = mapped_column(Credential(36))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    kind: Mapped[TapKind] = mapped_column(one_of(TapKind, "kind"))
    outcome: Mapped[TapOutcome] = mapped_column(one_of(TapOutcome, "outcome"))
    # The order's status by then, and since when.
    status: Mapped[Status] = mapped_column(one_of(Status, "status"))
    status_since: Mapped[datetime]
    # What is to be given back of the cash, or is missing of it.
    change_cents: Mapped[Cents | None]
    missing_cents: Mapped[Cents | None]
    tapped_at: Mapped[datetime]
    received_at: Mapped[datetime] = mapped_column(index=True)

    order: Mapped[Order] = relationship()

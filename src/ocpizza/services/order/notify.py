"""Put news of an order into the outbox, in the transaction that makes them."""

from datetime import datetime

from sqlalchemy.orm import Session

from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status

NEWS = {
    Status.ACCEPTED: MailKind.ORDER_ACCEPTED,
    Status.READY: MailKind.ORDER_READY,
    Status.OUT_FOR_DELIVERY: MailKind.ORDER_ON_ITS_WAY,
    Status.DELIVERED: MailKind.ORDER_DELIVERED,
    Status.CANCELLED: MailKind.ORDER_CANCELLED,
}


def notify_customer(
    session: Session, order: Order, kind: MailKind, now: datetime, event: str = ""
) -> None:
    """Have a mail sent to whoever gave an address on the order.

    `event` tells apart what may happen more than once. The same event told again is refused by
    the database (IntegrityError).
    """
    if not order.email:
        return
    session.add(
        OutgoingMail(
            dedupe_key=f"order-{order.id}-{kind}{event}",
            kind=kind,
            language=order.language,
            order_id=order.id,
            recipient=order.email,
            values={},
            created_at=now,
            due_at=now,
        )
    )


def notify_status(session: Session, order: Order, now: datetime) -> None:
    """Tell of the order's new status, where it is one that customers are told of."""
    if order.status in NEWS:
        notify_customer(session, order, NEWS[order.status], now)

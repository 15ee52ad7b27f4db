"""Put news of an order into the outbox, in the transaction that makes them."""

from datetime import datetime

from sqlalchemy import func, select
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
    session: Session,
    order: Order,
    kind: MailKind,
    now: datetime,
    event: str = "",
    *,
    due_at: datetime | None = None,
) -> None:
    """Have a mail sent to whoever gave an address on the order.

    `event` tells apart what may happen more than once. The same event told again is refused by
    the database (IntegrityError).
    """
    if not order.email:
        return
    session.add(
        OutgoingMail(
            dedupe_key=_key(order, kind, event),
            kind=kind,
            language=order.language,
            order_id=order.id,
            recipient=order.email,
            values={},
            created_at=now,
            due_at=due_at or now,
        )
    )


def notify_status(
    session: Session, order: Order, now: datetime, due_at: datetime | None = None
) -> None:
    """Tell of the order's new status, where it is one that customers are told of.

    Never before the news of an earlier one, which may wait for its step to be undone.
    """
    if order.status in NEWS and order.email:
        due_at = max(filter(None, (due_at or now, _last_due(session, order))))
        notify_customer(session, order, NEWS[order.status], now, due_at=due_at)


def withdraw_news(session: Session, order: Order) -> bool:
    """Take the news of a locked order's status back; False where they are on their way already.

    A worker holds the row of what it sends: nobody waits for it here.
    """
    if order.status not in NEWS:
        return True
    mine = OutgoingMail.dedupe_key == _key(order, NEWS[order.status])
    if session.scalar(select(OutgoingMail.id).where(mine)) is None:
        return True
    unsent = select(OutgoingMail).where(
        mine, OutgoingMail.sent_at.is_(None), OutgoingMail.attempts == 0
    )
    held = unsent.with_for_update(of=OutgoingMail, skip_locked=True)
    mail = session.scalar(held.execution_options(populate_existing=True))
    if mail is None:
        return False
    session.delete(mail)
    session.flush()
    return True


def _last_due(session: Session, order: Order) -> datetime | None:
    """Return until when the last news of an order wait, of those that were not tried yet."""
    news = [_key(order, kind) for kind in NEWS.values()]
    waiting = OutgoingMail.sent_at.is_(None), OutgoingMail.attempts == 0
    last = select(func.max(OutgoingMail.due_at))
    return session.scalar(last.where(OutgoingMail.dedupe_key.in_(news), *waiting))


def _key(order: Order, kind: MailKind, event: str = "") -> str:
    return f"order-{order.id}-{kind}{event}"

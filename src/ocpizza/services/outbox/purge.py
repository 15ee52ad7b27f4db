"""Mail that was sent, or given up, needs its recipient no longer (GDPR, art. 5(1)(e))."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, literal_column, or_, select, update
from sqlalchemy.orm import Session

from ocpizza.models.mail import OutgoingMail
from ocpizza.services.outbox.send import MAX_ATTEMPTS

# Long enough to answer « I have received nothing ».
KEPT = timedelta(days=30)
# Its row says that an event was told: no order lives that long, nothing is told of it any more.
ROW_KEPT = timedelta(days=90)
AT_A_TIME = 500
# Written out, for the index that holds only these.
NAMED = OutgoingMail.recipient != literal_column("''")
SENT_OR_ENDED: ColumnElement[bool] = or_(
    OutgoingMail.sent_at.is_not(None), OutgoingMail.attempts >= MAX_ATTEMPTS
)


def forget_recipients(session: Session, now: datetime) -> int:
    """Empty the recipients of old mail, a few at a time; its event stays told. Return how many."""
    some = _oldest(session, OutgoingMail.created_at < now - KEPT, SENT_OR_ENDED, NAMED)
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id.in_(some))
        .values(recipient="", last_error=None, values={})
        .execution_options(synchronize_session=False)
    )
    return len(some)


def forget_account_mail(session: Session, now: datetime) -> int:
    """Delete old mail about accounts, which no order's history needs; return the number."""
    of_accounts = OutgoingMail.order_id.is_(None)
    # Found among what is still named: the index of all mail has that of two months of orders.
    return _delete(session, of_accounts, OutgoingMail.created_at < now - KEPT, NAMED)


def forget_old_mail(session: Session, now: datetime) -> int:
    """Delete mail of long ago, a few at a time; return the number."""
    return _delete(session, OutgoingMail.created_at < now - ROW_KEPT, SENT_OR_ENDED)


def _delete(session: Session, *conditions: ColumnElement[bool]) -> int:
    some = _oldest(session, *conditions)
    gone = delete(OutgoingMail).where(OutgoingMail.id.in_(some))
    session.execute(gone.execution_options(synchronize_session=False))
    return len(some)


def _oldest(session: Session, *conditions: ColumnElement[bool]) -> Sequence[int]:
    some = select(OutgoingMail.id).where(*conditions).order_by(OutgoingMail.created_at)
    return session.scalars(some.limit(AT_A_TIME).with_for_update(skip_locked=True)).all()

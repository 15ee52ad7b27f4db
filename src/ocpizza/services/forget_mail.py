"""Mail that was sent, or given up, needs its recipient no longer (GDPR, art. 5(1)(e))."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from ocpizza.models.mail import OutgoingMail
from ocpizza.services.send_mail import MOST_ATTEMPTS

# Long enough to answer « I have received nothing ».
KEPT = timedelta(days=30)


def forget_recipients(session: Session, now: datetime) -> int:
    """Empty the recipients of old mail; its event stays told. Gives their number."""
    old = (
        update(OutgoingMail)
        .where(
            OutgoingMail.created_at < now - KEPT,
            or_(OutgoingMail.sent_at.is_not(None), OutgoingMail.attempts >= MOST_ATTEMPTS),
            OutgoingMail.recipient != "",
        )
        .values(recipient="", last_error=None, values={})
        .returning(OutgoingMail.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.scalars(old).all())


def forget_account_mail(session: Session, now: datetime) -> int:
    """Delete old mail about accounts, which no order's history needs; gives the number."""
    of_no_order = OutgoingMail.order_id.is_(None)
    old = delete(OutgoingMail).where(of_no_order, OutgoingMail.created_at < now - KEPT)
    return len(session.scalars(old.returning(OutgoingMail.id)).all())

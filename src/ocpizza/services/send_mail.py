"""Send what is due of the outbox: one mail a transaction, so that none waits for another."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.record_handout import Handout, record_handout

# Half a minute, doubled each time up to an hour; given up after about three days.
FIRST_RETRY, LONGEST_RETRY = timedelta(seconds=30), timedelta(hours=1)
MOST_ATTEMPTS = 80
UNSENT = and_(OutgoingMail.sent_at.is_(None), OutgoingMail.attempts < MOST_ATTEMPTS)
GIVEN_UP = and_(OutgoingMail.sent_at.is_(None), OutgoingMail.attempts >= MOST_ATTEMPTS)
DUE = (
    select(OutgoingMail)
    .where(UNSENT)
    .order_by(OutgoingMail.due_at, OutgoingMail.id)
    .limit(1)
    .with_for_update(of=OutgoingMail, skip_locked=True)
)


class NotSent(Exception):
    """The mail could not be handed over; `final` when trying again is of no use."""

    def __init__(self, reason: str, *, final: bool) -> None:
        super().__init__(reason)
        self.final = final


def send_next(session: Session, send: Callable[[OutgoingMail], bool], now: datetime) -> bool:
    """Send the mail that has been due for longest, if any is; whether there was one.

    `send` says whether it handed the mail to anybody. It raises NotSent: the mail is tried again
    later, an hour later at most, or given up.
    The row is locked meanwhile and others pass it by, so every host may run a worker.
    """
    mail = session.scalars(DUE.where(OutgoingMail.due_at <= now)).one_or_none()
    if mail is None:
        return False
    try:
        handed_over = send(mail)
    except NotSent as error:
        mail.last_error = str(error)[:500]
        mail.attempts = MOST_ATTEMPTS if error.final else mail.attempts + 1
        mail.due_at = now + min(FIRST_RETRY * 2 ** min(mail.attempts - 1, 10), LONGEST_RETRY)
    else:
        mail.sent_at, mail.last_error, mail.values = now, None, {}
        if handed_over:
            _note_summary(session, mail, now)
    if mail.kind is MailKind.ACCOUNT_ERASED and (mail.sent_at or mail.attempts >= MOST_ATTEMPTS):
        # The last trace of somebody who asked to be forgotten; an error may quote the address.
        mail.recipient, mail.last_error = "", None
    return True


def _note_summary(session: Session, mail: OutgoingMail, now: datetime) -> None:
    """Note, in the same transaction, that the summary went with it: the revision it was made of."""
    if mail.carries_summary and mail.order is not None:
        record_handout(session, mail.order.revision.id, Handout.MAILED, now)

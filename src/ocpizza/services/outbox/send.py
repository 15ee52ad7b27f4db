"""Send what is due of the outbox: one mail a transaction, so that none waits for another."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.order.summary_log import SummaryDelivery, record_summary_delivery

# Half a minute, doubled each time up to an hour; given up after about three days.
FIRST_RETRY, MAX_RETRY = timedelta(seconds=30), timedelta(hours=1)
MAX_ATTEMPTS = 80
# Of refusals, for a worker that begins.
REMEMBERED = timedelta(days=1)
UNSENT = and_(OutgoingMail.sent_at.is_(None), OutgoingMail.attempts < MAX_ATTEMPTS)
GIVEN_UP = and_(OutgoingMail.sent_at.is_(None), OutgoingMail.attempts >= MAX_ATTEMPTS)
DUE = (
    select(OutgoingMail)
    .where(UNSENT)
    .order_by(OutgoingMail.due_at, OutgoingMail.id)
    .limit(1)
    .with_for_update(of=OutgoingMail, skip_locked=True)
)


class NotSent(Exception):
    """The mail could not be handed over; `final` when trying again is of no use.

    `by_relay` when it is us whom the server refuses, or it does not answer. The reason names no
    address before its first colon.
    """

    def __init__(self, reason: str, *, final: bool, by_relay: bool = False) -> None:
        super().__init__(reason)
        self.final, self.by_relay = final, by_relay

    @property
    def short(self) -> str:
        """The reason without what the server said, which may quote an address."""
        return str(self).partition(":")[0]


@dataclass(frozen=True)
class Ended:
    """A mail that ended at a refusal of its address, as it was before."""

    id: int
    recipient: str
    attempts: int


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
        mail.attempts = MAX_ATTEMPTS if error.final else mail.attempts + 1
        mail.due_at = now + min(FIRST_RETRY * 2 ** min(mail.attempts - 1, 10), MAX_RETRY)
        if error.by_relay:
            mail.refused_since = mail.refused_since or now
    else:
        mail.sent_at, mail.last_error, mail.values = now, None, {}
        mail.refused_since = None
        if handed_over:
            _note_summary(session, mail, now)
    if mail.kind is MailKind.ACCOUNT_ERASED and (mail.sent_at or mail.attempts >= MAX_ATTEMPTS):
        # The last trace of somebody who asked to be forgotten; an error may quote the address.
        mail.recipient, mail.last_error = "", None
    return True


def _note_summary(session: Session, mail: OutgoingMail, now: datetime) -> None:
    """Note, in the same transaction, that the summary went with it: the revision it was made of."""
    if mail.carries_summary and mail.order is not None:
        record_summary_delivery(session, mail.order.revision.id, SummaryDelivery.MAILED, now)


def ended_lately(session: Session, now: datetime) -> list[Ended]:
    """Return the mails that ended at a refusal since the server last took one, of a day at most.

    For a worker that begins: another one may have died before it knew whom the server refuses. Of
    an erased account's mail the address is gone with it.
    """
    last_sent = session.scalar(select(func.max(OutgoingMail.sent_at)))
    since = max(filter(None, (last_sent, now - REMEMBERED)))
    refused = (
        GIVEN_UP,
        # When it is given up it is due once more, after the longest wait.
        OutgoingMail.due_at > since + MAX_RETRY,
        OutgoingMail.last_error.like("5__ %at RCPT%"),
        OutgoingMail.recipient != "",
    )
    query = select(OutgoingMail.id, OutgoingMail.recipient).where(*refused)
    return [Ended(*row, attempts=0) for row in session.execute(query.order_by(OutgoingMail.due_at))]


def take_up_again(session: Session, ended: Iterable[Ended], now: datetime) -> None:
    """Keep mails for another try: it was not their addresses that the server refused."""
    for one in ended:
        mail = session.get(OutgoingMail, one.id, with_for_update=True, populate_existing=True)
        if mail is None or mail.sent_at or mail.attempts < MAX_ATTEMPTS:
            continue
        if mail.kind is MailKind.ACCOUNT_ERASED:
            mail.recipient = one.recipient
        if mail.recipient:
            mail.attempts, mail.due_at = one.attempts + 1, now + FIRST_RETRY
            mail.refused_since = mail.refused_since or now


def note_relay_takes(session: Session) -> None:
    """Note that the server takes mail: none that waits is refused by it any more."""
    refused = select(OutgoingMail.id).where(UNSENT, OutgoingMail.refused_since.is_not(None))
    ids = session.scalars(refused.with_for_update(skip_locked=True)).all()
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id.in_(ids))
        .values(refused_since=None)
        .execution_options(synchronize_session=False)
    )

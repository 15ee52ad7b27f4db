"""The row about mail: how much waits, for how long, and what was given up lately."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, func, select

from ocpizza.models.mail import OutgoingMail
from ocpizza.operations.status.asking import DatabaseSilent, ask
from ocpizza.operations.status.row import Row, amiss, fine
from ocpizza.services.outbox.send import GIVEN_UP, UNSENT
from ocpizza.settings import Settings

LATE_MAIL = timedelta(minutes=15)
GIVEN_UP_SHOWN = timedelta(days=7)
SERVER = "mend [mail] in ocpizza.ini, or see to that server, then: sudo systemctl reload ocpizza"
WORKER = "sudo journalctl -u ocpizza-worker -n 50; sudo systemctl restart ocpizza-worker"


def mail(settings: Settings) -> Row:
    """The outbox, and whether the mail server takes what is in it."""
    try:
        count, oldest = ask(settings, waiting_mail)
        given_up = ask(settings, _given_up_mail)
        refusal = ask(settings, _relay_refuses)
    except DatabaseSilent as error:
        return Row("mail", False, str(error))
    lost = f"; {len(given_up)} given up this week, the last: {given_up[0]}" if given_up else ""
    if oldest is None:
        return fine("mail", f"nothing waits{lost}")
    late = datetime.now(UTC) - oldest
    minutes = int(late.total_seconds()) // 60
    waiting = f"{count} waiting, the oldest for {minutes} min{lost}"
    if refusal:
        return amiss("mail", f"{refusal}; {waiting}", SERVER)
    return fine("mail", waiting) if late < LATE_MAIL else amiss("mail", waiting, WORKER)


def waiting_mail(connection: Connection) -> tuple[int, datetime | None]:
    """Return how many mails wait, and since when the oldest one does."""
    waiting = select(func.count(), func.min(OutgoingMail.created_at)).where(UNSENT)
    count, oldest = connection.execute(waiting).one()
    return count, oldest


def _relay_refuses(connection: Connection) -> str:
    """Since when the mail server takes nothing and why, without what it said; or nothing."""
    refused = OutgoingMail.refused_since
    since = connection.scalar(select(func.min(refused)).where(UNSENT))
    if since is None:
        return ""
    errors = select(OutgoingMail.last_error).where(UNSENT, refused.is_not(None))
    newest = errors.order_by(OutgoingMail.due_at.desc(), OutgoingMail.id.desc()).limit(1)
    why = (connection.scalar(newest) or "").partition(":")[0]
    return f"the mail server refuses our mail since {since:%Y-%m-%d %H:%M} UTC ({why})"


def _given_up_mail(connection: Connection) -> list[str]:
    """Why, the latest first; without what a server may have said of the address."""
    lately = OutgoingMail.due_at > datetime.now(UTC) - GIVEN_UP_SHOWN
    errors = select(OutgoingMail.last_error).where(GIVEN_UP, lately)
    found = connection.scalars(errors.order_by(OutgoingMail.due_at.desc(), OutgoingMail.id.desc()))
    return [(error or "forgotten").partition(":")[0] for error in found]

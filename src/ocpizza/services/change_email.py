"""C1: confirm an e-mail address, the account's own or the one that is to replace it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.account_links import Purpose, retire_links, use_link
from ocpizza.services.create_account import AccountExists, is_taken
from ocpizza.services.tell_account import tell_account

# Of confirmations that one account may ask for, so that it floods nobody.
MOST_LINKS, PERIOD = 5, timedelta(hours=1)


class TooManyLinks(Exception):
    """An account asked for too many confirmations in an hour."""


def ask_confirmation(session: Session, account: Account, email: str, now: datetime) -> None:
    """Send a link to `email`, which becomes the account's once it is opened.

    Raises TooManyLinks. An address that is somebody else's is told only to who holds it.
    """
    asked = session.scalar(
        select(func.count(OutgoingMail.id)).where(
            OutgoingMail.kind == MailKind.EMAIL_CONFIRMATION,
            OutgoingMail.account_id == account.id,
            OutgoingMail.created_at > now - PERIOD,
        )
    )
    if (asked or 0) >= MOST_LINKS:
        raise TooManyLinks
    tell_account(session, account, MailKind.EMAIL_CONFIRMATION, now, recipient=email)


def confirm_email(session: Session, token: str, now: datetime) -> Account:
    """Confirm the address that the link was sent to; the one before is told that it is replaced.

    Raises LinkDead, and AccountExists when somebody else signs in with it meanwhile.
    """
    account, email = use_link(session, token, Purpose.CONFIRM_EMAIL, now)
    if email != account.email:
        _replace(session, account, email, now)
    account.email_verified_at = now
    return account


def _replace(session: Session, account: Account, email: str, now: datetime) -> None:
    before = account.email
    if account.identifier != email and is_taken(session, email):
        raise AccountExists
    try:
        with session.begin_nested():
            account.email = email
    except IntegrityError as error:
        raise AccountExists from error
    # Links to the address before, and to others that were asked for, are of no use now.
    retire_links(session, account, now)
    if before:
        values = {"new_email": email}
        tell_account(session, account, MailKind.EMAIL_CHANGED, now, values, recipient=before)

"""C1: confirm an e-mail address, the account's own or the one that is to replace it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.create import AccountExists, is_taken
from ocpizza.services.account.links import Purpose, issue_link, retire_links, use_link
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.account.revoke import revoke_access

# Of confirmations that one account may ask for, so that it floods nobody.
MAX_LINKS, PERIOD = 5, timedelta(hours=1)


class TooManyLinks(Exception):
    """An account asked for too many confirmations in an hour."""


class SignInFirst(Exception):
    """The address is to become that of an account which whoever opened the link is not in."""


@dataclass(frozen=True, slots=True)
class Opener:
    """Who opened a link: the account that the session is signed in to, and the one it made."""

    account_id: int | None
    made_account_id: int | None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An account whose address is confirmed; `password_link` lets its owner choose a password."""

    account: Account
    password_link: str | None


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
    if (asked or 0) >= MAX_LINKS:
        raise TooManyLinks
    notify_account(session, account, News(MailKind.EMAIL_CONFIRMATION, recipient=email), now)
    purpose = str(Purpose.CONFIRM_EMAIL)
    note(session, Action.LINK_ASKED, account=account.id, purpose=purpose)


def confirm_email(session: Session, token: str, opener: Opener, now: datetime) -> Confirmed:
    """Confirm the address that the link was sent to.

    Opening the link shows whose the address is, not who made the account. So an account that was
    made elsewhere becomes the opener's, and nobody's else (`revoke_access`): they choose a
    password by a link of its own. An address that replaces another, or a first one, counts only
    for whoever is signed in to the account: a stranger who presses the button neither gives the
    account their past orders nor gets it. The address before is told that it is replaced.

    Raises LinkDead; SignInFirst, with the link still good; and AccountExists when somebody else
    signs in with the address meanwhile.
    """
    with session.begin_nested():
        account, email = use_link(session, token, Purpose.CONFIRM_EMAIL, now)
        if email != account.email and opener.account_id != account.id:
            raise SignInFirst
    email_before = account.email
    if email != account.email:
        _replace(session, account, email, now)
    elif account.email_verified_at:
        return Confirmed(account, None)
    elif opener.made_account_id != account.id:
        revoke_access(session, account, now)
        account.email_verified_at = now
        session.flush()
        note(session, Action.EMAIL_CONFIRMED, account=account.id)
        return Confirmed(account, issue_link(session, account, Purpose.NEW_PASSWORD, email, now))
    account.email_verified_at = now
    changed = email_before != email
    action = Action.EMAIL_CHANGED if changed else Action.EMAIL_CONFIRMED
    note(session, action, account=account.id)
    return Confirmed(account, None)


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
        notify_account(
            session, account, News(MailKind.EMAIL_CHANGED, values, recipient=before), now
        )

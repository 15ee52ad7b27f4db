"""C1: a new password, by its owner or by whoever opens the link sent to the account's address."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ocpizza.domain.passwords import hash_password
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.links import LinkDead, Purpose, retire_links, use_link
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.account.quick_codes import drop_quick_code
from ocpizza.services.account.revoke import revoke_access
from ocpizza.services.account.sign_in_attempts import lift_limits
from ocpizza.services.account.sign_in_sessions import sign_out_everywhere

# Of links for a forgotten password to one address, so that nobody floods it.
MAX_LINKS, PERIOD = 3, timedelta(hours=1)


def change_password(session: Session, account: Account, password: str, now: datetime) -> None:
    """Set a new password, sign out everywhere, and tell the owner; `account` is locked.

    Their quick code goes: whoever had the password before may have chosen it.
    """
    values = {"first": account.password_hash is None}
    account.password_hash = hash_password(password)
    sign_out_everywhere(session, account)
    retire_links(session, account, now)
    drop_quick_code(session, account.id)
    notify_account(session, account, News(MailKind.PASSWORD_CHANGED, values), now)
    note(session, Action.PASSWORD_CHANGED, account=account.id)


def ask_new_password(session: Session, email: str, language: str, now: datetime) -> bool:
    """Have a link sent to this address, should it be an account's; return False when too many were.

    Nobody looks that up here: the work is the same for every address, and the worker finds out
    when the mail is written.
    """
    recently = select(func.count(OutgoingMail.id)).where(
        OutgoingMail.kind == MailKind.PASSWORD_RESET,
        OutgoingMail.recipient == email,
        OutgoingMail.created_at > now - PERIOD,
    )
    asked = session.scalar(recently) or 0
    if asked >= MAX_LINKS:
        return False
    session.add(
        OutgoingMail(
            dedupe_key=f"reset-{secrets.token_hex(16)}",
            kind=MailKind.PASSWORD_RESET,
            language=language,
            recipient=email,
            created_at=now,
            due_at=now,
        )
    )
    note(session, Action.LINK_ASKED, purpose=str(Purpose.NEW_PASSWORD))
    return True


def find_owner(session: Session, email: str) -> Account | None:
    """Return the active account of this e-mail address."""
    mine = (Account.email == email, Account.status == AccountStatus.ACTIVE)
    return session.scalars(select(Account).where(*mine)).one_or_none()


def reset_password(
    session: Session, token: str, password: str, address: str, now: datetime
) -> Account:
    """Set a new password by the link that `token` is of, opened at `address` (a network).

    Signs out everywhere, lifts the limits on wrong passwords, and confirms the e-mail address,
    which was just used: if it never was before, Google and Facebook do not open the account any
    more. Raises LinkDead.
    """
    account, email = use_link(session, token, Purpose.NEW_PASSWORD, now)
    if email != account.email:
        raise LinkDead
    if account.email_verified_at is None:
        revoke_access(session, account, now)
    change_password(session, account, password, now)
    account.email_verified_at = account.email_verified_at or now
    lift_limits(session, account, address, now)
    return account

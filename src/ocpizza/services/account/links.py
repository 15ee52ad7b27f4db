"""Links sent by e-mail: only the SHA-256 of their token is kept, each is used once and expires."""

import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.domain.digest import digest_of
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.sign_in import AccountToken
from ocpizza.security_log import Action
from ocpizza.security_notes import note


class Purpose(StrEnum):
    """What a link lets its holder do."""

    CONFIRM_EMAIL = "confirm_email"
    NEW_PASSWORD = "new_password"  # noqa: S105  (a name)


LIFETIME = {
    Purpose.CONFIRM_EMAIL: timedelta(days=3),
    Purpose.NEW_PASSWORD: timedelta(hours=1),
}


class LinkDead(Exception):
    """The link was used, has expired, or never was one."""


def issue_link(
    session: Session, account: Account, purpose: Purpose, email: str, now: datetime
) -> str:
    """Return the token (43 characters) of a new link that is sent to `email`."""
    token = secrets.token_urlsafe(32)
    session.add(
        AccountToken(
            sha256=digest_of(token),
            account_id=account.id,
            purpose=purpose,
            email=email,
            expires_at=now + LIFETIME[purpose],
        )
    )
    return token


def link_works(session: Session, token: str, purpose: Purpose, now: datetime) -> bool:
    """Return whether a link may still be used."""
    return _find(session, token, purpose, now) is not None


def names_behind(session: Session, token: str, purpose: Purpose, now: datetime) -> tuple[str, ...]:
    """Return the names of whoever a link is for, none of a link that is dead."""
    found = _find(session, token, purpose, now)
    return session.get_one(Account, found.account_id).names if found else ()


def use_link(session: Session, token: str, purpose: Purpose, now: datetime) -> tuple[Account, str]:
    """Use a link: its account, locked, and the address that it was sent to.

    Raises LinkDead. The account is locked first, so of two uses at once one finds it used.
    """
    found = _find(session, token, purpose, now)
    if found is None:
        raise LinkDead
    account = session.scalars(
        select(Account)
        .where(Account.id == found.account_id)
        .with_for_update(of=Account, key_share=True)
    ).one()
    # Again, now that nobody else can use it.
    found = _find(session, token, purpose, now)
    if found is None or found.email is None or account.status is not AccountStatus.ACTIVE:
        raise LinkDead
    found.used_at = now
    session.flush()
    note(session, Action.LINK_USED, account=account.id, purpose=str(purpose))
    return account, found.email


def retire_links(session: Session, account: Account, now: datetime) -> None:
    """Make every link of an account useless."""
    session.execute(
        update(AccountToken)
        .where(AccountToken.account_id == account.id, AccountToken.used_at.is_(None))
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )


def forget_old_links(session: Session, now: datetime) -> int:
    """Delete the links that nobody can use any more; return their number."""
    return rows_changed(session, delete(AccountToken).where(AccountToken.expires_at < now))


def _find(session: Session, token: str, purpose: Purpose, now: datetime) -> AccountToken | None:
    return session.scalars(
        select(AccountToken)
        .where(
            AccountToken.sha256 == digest_of(token),
            AccountToken.purpose == purpose,
            AccountToken.used_at.is_(None),
            AccountToken.expires_at > now,
        )
        .execution_options(populate_existing=True)
    ).one_or_none()

"""C12: the account of somebody whom a provider told of: known, joined, or new.

An e-mail address joins an account only where the provider vouches for it, and never one of the
staff: whoever runs the mail of a domain must not become a manager. In all other cases the owner
signs in first and links the provider themselves (`link_identity`).
"""

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.domain.identity import IdentityClaims
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.mail import MailKind
from ocpizza.models.sign_in import ExternalIdentity
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.account.revoke import revoke_access


class JoinRefused(Exception):
    """Nobody is signed in, nothing is changed."""


class AccountClosed(JoinRefused):
    """The account is inactive or erased."""


class MustLink(JoinRefused):
    """There is an account with this address: its owner is to sign in and to link the provider."""


class EmailMissing(JoinRefused):
    """Somebody new whose address the provider does not tell."""


def join_identity(
    session: Session, claims: IdentityClaims, now: datetime, language: str = "fr"
) -> Account:
    """Return the active account to sign in to. Raises AccountClosed, MustLink or EmailMissing."""
    account = _found_or_made(session, claims, now, language)
    if account.status is not AccountStatus.ACTIVE:
        raise AccountClosed
    return account


def find_identity(session: Session, claims: IdentityClaims) -> ExternalIdentity | None:
    """Return the identity that we know already, whoever's it is."""
    return session.scalars(
        select(ExternalIdentity).where(
            ExternalIdentity.provider == claims.provider, ExternalIdentity.subject == claims.subject
        )
    ).one_or_none()


def add_identity(
    session: Session,
    account: Account,
    claims: IdentityClaims,
    now: datetime,
    *,
    tell: bool,
    **values: Any,
) -> None:
    """Let an account be signed in to with what was told; `values` are for the mail that tells so.

    Raises IntegrityError where somebody signs in with it.
    """
    identity = ExternalIdentity(
        account_id=account.id,
        provider=claims.provider,
        subject=claims.subject,
        email=claims.email,
        linked_at=now,
    )
    session.add(identity)
    session.flush()
    if tell:
        values = {"provider": claims.provider.title(), "password_removed": False} | values
        event = f"{identity.id}-{now.timestamp():.6f}"
        notify_account(session, account, News(MailKind.IDENTITY_JOINED, values, event), now)
        session.flush()


def _found_or_made(
    session: Session, claims: IdentityClaims, now: datetime, language: str
) -> Account:
    for last in (False, False, True):
        try:
            with session.begin_nested():
                return _find_or_make(session, claims, now, language)
        except IntegrityError:
            # The identity, or an account with its address, was made at the same time. It is
            # committed by now: look again. First the account may be in the way, then the identity.
            if last:
                raise
    raise AssertionError


def _find_or_make(
    session: Session, claims: IdentityClaims, now: datetime, language: str
) -> Account:
    known = find_identity(session, claims)
    if known is not None:
        return session.get_one(Account, known.account_id, populate_existing=True)
    if not claims.email:
        raise EmailMissing
    account = _locked_by_email(session, claims.email)
    if account is None:
        return _make(session, claims, now, language)
    _refuse_to_join(account, claims)
    _join(session, account, claims, now)
    return account


def _locked_by_email(session: Session, email: str) -> Account | None:
    return session.scalars(
        select(Account)
        .where(or_(Account.email == email, Account.identifier == email))
        .order_by(Account.email.is_(None), Account.id)
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    ).first()


def _refuse_to_join(account: Account, claims: IdentityClaims) -> None:
    if account.status is not AccountStatus.ACTIVE:
        raise AccountClosed
    if not claims.email_verified or account.employee is not None or account.email != claims.email:
        raise MustLink


def _join(session: Session, account: Account, claims: IdentityClaims, now: datetime) -> None:
    never_confirmed = account.email_verified_at is None
    if never_confirmed:
        revoke_access(session, account, now)
        account.email_verified_at = now
    add_identity(session, account, claims, now, tell=True, password_removed=never_confirmed)
    note(session, Action.WAY_LINKED, account=account.id, provider=claims.provider)


def _make(session: Session, claims: IdentityClaims, now: datetime, language: str) -> Account:
    account = Account(
        email=claims.email,
        email_verified_at=now if claims.email_verified else None,
        first_name=claims.first_name,
        last_name=claims.last_name,
        language=language,
        status=AccountStatus.ACTIVE,
        created_at=now,
    )
    session.add(account)
    session.flush()
    add_identity(session, account, claims, now, tell=False)
    note(session, Action.ACCOUNT_CREATED, account=account.id, provider=claims.provider)
    if not claims.email_verified:
        notify_account(session, account, News(MailKind.EMAIL_CONFIRMATION), now)
    return account

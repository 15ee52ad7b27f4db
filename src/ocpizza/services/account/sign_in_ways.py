"""C12: the ways in which somebody signs in: one more, one less, never none."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.domain.identity import IdentityClaims
from ocpizza.models.account import Account
from ocpizza.models.mail import MailKind
from ocpizza.models.sign_in import ExternalIdentity
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.identity import add_identity, find_identity
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.locks import lock_account


class LinkedElsewhere(Exception):
    """The identity signs in to another account."""


class LastWay(Exception):
    """Without it nobody could sign in to the account."""


@dataclass(frozen=True, slots=True)
class SignInWays:
    """How somebody may sign in."""

    has_password: bool
    identities: tuple[ExternalIdentity, ...]

    @property
    def only_one(self) -> bool:
        return self.has_password + len(self.identities) <= 1


def sign_in_ways(session: Session, account: Account) -> SignInWays:
    """Return how this account is signed in to."""
    mine = select(ExternalIdentity).where(ExternalIdentity.account_id == account.id)
    has_name = bool(account.email or account.identifier)
    return SignInWays(
        has_password=bool(account.password_hash) and has_name,
        identities=tuple(session.scalars(mine.order_by(ExternalIdentity.id))),
    )


def link_identity(session: Session, account_id: int, claims: IdentityClaims, now: datetime) -> bool:
    """Let the owner of an account sign in with this identity too, and tell them by mail.

    False where they could already. Raises LinkedElsewhere.
    """
    account = lock_account(session, account_id)
    try:
        with session.begin_nested():
            known = find_identity(session, claims)
            if known is None:
                add_identity(session, account, claims, now, tell=True)
    except IntegrityError:
        known = find_identity(session, claims)
    if known is not None:
        if known.account_id != account.id:
            raise LinkedElsewhere
        return False
    note(session, Action.WAY_LINKED, account=account.id, provider=claims.provider)
    return True


def unlink_identity(session: Session, account_id: int, identity_id: int, now: datetime) -> None:
    """Take a way to sign in from an account and tell its owner; one that has gone stays gone.

    Raises LastWay. The account is locked: of two taken at once, one is counted after the other.
    """
    account = lock_account(session, account_id)
    ways = sign_in_ways(session, account)
    gone = next((each for each in ways.identities if each.id == identity_id), None)
    if gone is None:
        return
    if ways.only_one:
        raise LastWay
    session.delete(gone)
    values = {"provider": gone.provider.title()}
    notify_account(session, account, News(MailKind.IDENTITY_REMOVED, values, f"{gone.id}"), now)
    session.flush()
    note(session, Action.WAY_REMOVED, account=account_id, provider=gone.provider)

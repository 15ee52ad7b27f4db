"""A restored database knows sessions, links and accounts that have ended since: they end again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.sign_in import AccountToken, SignInSession
from ocpizza.services.account.sign_in_sessions import AT_A_TIME, COUNTS


@dataclass(frozen=True)
class Usable:
    """Sessions and links that let somebody in, by the SHA-256 that is kept of each.

    And the accounts that let nobody in: of colleagues who were deactivated or deleted (UC7.1).
    """

    sessions: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    shut: frozenset[tuple[int, datetime]] = frozenset()


def usable(session: Session) -> Usable:
    """Return what lets somebody in now."""
    sessions = select(SignInSession.sha256).join(Account, and_(*COUNTS))
    links = select(AccountToken.sha256).where(AccountToken.used_at.is_(None))
    inactive = Account.status == AccountStatus.INACTIVE, Account.erased_at.is_(None)
    shut = select(Account.id, Account.created_at).where(*inactive)
    return Usable(
        frozenset(session.scalars(sessions)),
        frozenset(session.scalars(links)),
        frozenset((id, created_at) for id, created_at in session.execute(shut)),
    )


def end_others(session: Session, still: Usable, now: datetime) -> None:
    """End every session and link but those that are `still` usable where they are newer.

    Who is out there is out here, too; whoever may come back is let in by a manager.
    """
    for account_id, created_at in still.shut:
        # Another shop's account may have the same number.
        same = Account.id == account_id, Account.created_at == created_at
        out = update(Account).where(*same, Account.status == AccountStatus.ACTIVE)
        values = {"status": AccountStatus.INACTIVE, "version": Account.version + 1}
        session.execute(out.values(values).execution_options(synchronize_session=False))
    known = session.scalars(select(SignInSession.sha256))
    for some in _in_parts(sha256 for sha256 in known if sha256 not in still.sessions):
        session.execute(delete(SignInSession).where(SignInSession.sha256.in_(some)))
    unused = session.scalars(select(AccountToken.sha256).where(AccountToken.used_at.is_(None)))
    for some in _in_parts(sha256 for sha256 in unused if sha256 not in still.links):
        ended = update(AccountToken).where(AccountToken.sha256.in_(some)).values(used_at=now)
        session.execute(ended.execution_options(synchronize_session=False))


def _in_parts(names: Iterable[str]) -> Iterable[list[str]]:
    every = list(names)
    return (every[start : start + AT_A_TIME] for start in range(0, len(every), AT_A_TIME))

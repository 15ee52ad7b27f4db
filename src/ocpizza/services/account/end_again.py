"""A restored database knows sessions and links that have ended since: they end again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from ocpizza.models.account import Account
from ocpizza.models.sign_in import AccountToken, SignInSession
from ocpizza.services.account.sign_in_sessions import AT_A_TIME, COUNTS


@dataclass(frozen=True)
class Usable:
    """Sessions and links that let somebody in, by the SHA-256 that is kept of each."""

    sessions: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()


def usable(session: Session) -> Usable:
    """Return what lets somebody in now."""
    sessions = select(SignInSession.sha256).join(Account, and_(*COUNTS))
    links = select(AccountToken.sha256).where(AccountToken.used_at.is_(None))
    return Usable(frozenset(session.scalars(sessions)), frozenset(session.scalars(links)))


def end_others(session: Session, still: Usable, now: datetime) -> None:
    """End every session and link but those that are `still` usable where they are newer."""
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

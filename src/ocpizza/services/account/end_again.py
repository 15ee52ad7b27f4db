"""A restored database knows sessions, links and accounts that have ended since: they end again.

So do telephones that were lost since, recovery codes that were used, and quick codes.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, delete, select, update
from sqlalchemy.orm import Session

from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.device import Device, DevicePerson, QuickCode
from ocpizza.models.second_factor import HalfSignIn, RecoveryCode, SecondFactor
from ocpizza.models.sign_in import AccountToken, SignInSession
from ocpizza.services.account.second_factor import drop_second_factor
from ocpizza.services.account.sign_in_sessions import AT_A_TIME, COUNTS

# An account's number and when it was made: another shop's may have the same number.
Who = tuple[int, datetime]


@dataclass(frozen=True)
class SecondFactors:
    """An application that is known, and the digests of recovery codes that were not used."""

    key: str
    last_step: int
    enrolled_at: datetime
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Usable:
    """Sessions and links that let somebody in, by the SHA-256 that is kept of each.

    And the accounts that let nobody in: of colleagues who were deactivated or deleted (UC7.1).
    `factors`: what each member of staff is asked for beside the password, None for nothing.
    `codes`: the hashes of quick codes, None where nobody knows.
    """

    sessions: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    shut: frozenset[Who] = frozenset()
    factors: dict[Who, SecondFactors | None] = field(default_factory=dict)
    codes: frozenset[str] | None = None


def usable(session: Session, *, factors: bool = True, codes: bool = True) -> Usable:
    """Return what lets somebody in now.

    `factors`, `codes`: whether the database knows second ones, and quick codes.
    """
    sessions = select(SignInSession.sha256).join(Account, and_(*COUNTS))
    links = select(AccountToken.sha256).where(AccountToken.used_at.is_(None))
    inactive = Account.status == AccountStatus.INACTIVE, Account.erased_at.is_(None)
    shut = select(Account.id, Account.created_at).where(*inactive)
    return Usable(
        frozenset(session.scalars(sessions)),
        frozenset(session.scalars(links)),
        frozenset((id, created_at) for id, created_at in session.execute(shut)),
        _factors(session) if factors else {},
        frozenset(session.scalars(select(QuickCode.code_hash))) if codes else None,
    )


def _factors(session: Session) -> dict[Who, SecondFactors | None]:
    codes: dict[int, list[str]] = {}
    for code in session.scalars(select(RecoveryCode)):
        codes.setdefault(code.account_id, []).append(code.sha256)
    known = {
        one.account_id: SecondFactors(
            one.key, one.last_step, one.enrolled_at, tuple(codes.get(one.account_id, ()))
        )
        for one in session.scalars(select(SecondFactor))
    }
    staff = session.execute(select(Account.id, Account.created_at).join(Account.employee))
    return {(id, created_at): known.get(id) for id, created_at in staff}


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
    for table in (HalfSignIn, DevicePerson, Device):
        session.execute(delete(table))
    for (account_id, created_at), factors in still.factors.items():
        same = Account.id == account_id, Account.created_at == created_at
        if session.scalar(select(Account.id).where(*same)) is not None:
            _put_back(session, account_id, factors)
    if still.codes is not None:
        chosen = session.scalars(select(QuickCode.code_hash))
        for some in _in_parts(code for code in chosen if code not in still.codes):
            session.execute(delete(QuickCode).where(QuickCode.code_hash.in_(some)))
    known = session.scalars(select(SignInSession.sha256))
    for some in _in_parts(sha256 for sha256 in known if sha256 not in still.sessions):
        session.execute(delete(SignInSession).where(SignInSession.sha256.in_(some)))
    unused = session.scalars(select(AccountToken.sha256).where(AccountToken.used_at.is_(None)))
    for some in _in_parts(sha256 for sha256 in unused if sha256 not in still.links):
        ended = update(AccountToken).where(AccountToken.sha256.in_(some)).values(used_at=now)
        session.execute(ended.execution_options(synchronize_session=False))


def _put_back(session: Session, account_id: int, factors: SecondFactors | None) -> None:
    drop_second_factor(session, account_id)
    if factors is None:
        return
    values = {name: getattr(factors, name) for name in ("key", "last_step", "enrolled_at")}
    session.add(SecondFactor(account_id=account_id, **values))
    session.add_all(RecoveryCode(account_id=account_id, sha256=code) for code in factors.codes)
    session.flush()


def _in_parts(names: Iterable[str]) -> Iterable[list[str]]:
    every = list(names)
    return (every[start : start + AT_A_TIME] for start in range(0, len(every), AT_A_TIME))

"""C11: tries at a password, counted before they are checked.

A try is written down as wrong and committed by the caller, the password is checked, and a right
one corrects the row. Counting and writing happen under a lock on the identifier and the address
(locks of names: an unknown identifier has no row), so tries at once cannot slip past a limit
together; what exceeds a limit is refused before any hash is computed, for identifiers that do not
exist as for those that do.

Within 15 minutes there may be wrong tries

- 5 for one identifier from one address: the usual guesser;
- 20 for one identifier from anywhere: the same with many addresses;
- 30 from one address: one password tried on everybody.

The last two would let a stranger lock the owner out, so they do not hold for an address from
which somebody has signed in with this identifier in the last 90 days: only its own five wrong
tries count there. From anywhere else the owner waits 15 minutes at most while nobody guesses, and
needs not wait at all: the link of a forgotten password lifts every limit of their account and makes
the address where they opened it one that is known. To become known takes the password, so nobody
who still has to guess gets anything out of it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from ocpizza.db import lock_names, rows_changed
from ocpizza.domain.digest import digest_of
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.sign_in import SignInAttempt

WINDOW = timedelta(minutes=15)
KNOWN_FOR = timedelta(days=90)
MAX_PER_PAIR, MAX_PER_IDENTIFIER, MAX_PER_NETWORK = 5, 20, 30


@dataclass
class TooManyAttempts(Exception):
    """Nothing is checked before `free_at`."""

    free_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that was counted; `password_hash` is what to check, None where nothing fits."""

    attempt_id: int
    account_id: int | None
    password_hash: str | None


def begin_attempt(session: Session, identifier: str, address: str, now: datetime) -> Attempt:
    """Count a try from `address` (a network); commit before the password is checked.

    `identifier` is one or an e-mail address, in lower case. Raises TooManyAttempts, with nothing
    counted.
    """
    name = digest_of(identifier)
    lock_names(session, f"sign-in {name}", f"sign-in {address}")
    _refuse_too_many(session, name, address, now)
    attempt = SignInAttempt(identifier_sha256=name, client_address=address, at=now)
    session.add(attempt)
    session.flush()
    if not identifier:
        return Attempt(attempt.id, None, None)
    account = session.execute(
        select(Account.id, Account.password_hash)
        .where(or_(Account.identifier == identifier, Account.email == identifier))
        .order_by(Account.identifier.is_(None))
    ).first()
    return Attempt(attempt.id, *(account or (None, None)))


def end_attempt(session: Session, tried: Attempt, *, right: bool) -> Account | None:
    """Return the account, locked, if the password was `right` and it is still open to it."""
    if not right or not tried.password_hash:
        return None
    account = session.scalars(
        select(Account)
        .where(
            Account.id == tried.account_id,
            Account.password_hash == tried.password_hash,
            Account.status == AccountStatus.ACTIVE,
        )
        .with_for_update(of=Account, key_share=True)
    ).one_or_none()
    attempt = session.get(SignInAttempt, tried.attempt_id)
    if account is not None and attempt is not None:
        same = _same(attempt.identifier_sha256, attempt.client_address)
        session.execute(delete(SignInAttempt).where(same, SignInAttempt.id != attempt.id))
        attempt.succeeded = True
    return account


def lift_limits(session: Session, account: Account, address: str, now: datetime) -> None:
    """Forget every wrong try at an account, whose owner is known at `address` from now on."""
    forget_tries(session, account)
    session.add_all(
        SignInAttempt(identifier_sha256=name, client_address=address, at=now, succeeded=True)
        for name in _digests(account)
    )


def forget_tries(session: Session, account: Account) -> None:
    """Forget every try at an account, wrong or right: nobody waits, nowhere is known."""
    names = _digests(account)
    session.execute(delete(SignInAttempt).where(SignInAttempt.identifier_sha256.in_(names)))


def forget_old_attempts(session: Session, now: datetime) -> int:
    """Delete the tries that count no more; return their number."""
    wrong = and_(~SignInAttempt.succeeded, SignInAttempt.at < now - WINDOW)
    old = delete(SignInAttempt).where(or_(wrong, SignInAttempt.at < now - KNOWN_FOR))
    return rows_changed(session, old)


def _refuse_too_many(session: Session, name: str, address: str, now: datetime) -> None:
    limits = [(_same(name, address), MAX_PER_PAIR)]
    if not _is_known(session, name, address, now):
        limits.append((SignInAttempt.identifier_sha256 == name, MAX_PER_IDENTIFIER))
        limits.append((SignInAttempt.client_address == address, MAX_PER_NETWORK))
    full_since = [
        at for which, most in limits if (at := _time_of(session, which, most, now)) is not None
    ]
    if full_since:
        raise TooManyAttempts(max(full_since) + WINDOW)


def _time_of(
    session: Session, which: ColumnElement[bool], place: int, now: datetime
) -> datetime | None:
    """Return when the wrong try in this place, counted back from now, was.

    None if there are fewer.
    """
    return session.scalar(
        select(SignInAttempt.at)
        .where(which, ~SignInAttempt.succeeded, SignInAttempt.at > now - WINDOW)
        .order_by(SignInAttempt.at.desc())
        .offset(place - 1)
        .limit(1)
    )


def _is_known(session: Session, name: str, address: str, now: datetime) -> bool:
    recently = and_(SignInAttempt.succeeded, SignInAttempt.at > now - KNOWN_FOR)
    return bool(session.scalar(select(exists().where(_same(name, address), recently))))


def _same(name: str, address: str) -> ColumnElement[bool]:
    return and_(SignInAttempt.identifier_sha256 == name, SignInAttempt.client_address == address)


def _digests(account: Account) -> list[str]:
    return [digest_of(name) for name in (account.identifier, account.email) if name]

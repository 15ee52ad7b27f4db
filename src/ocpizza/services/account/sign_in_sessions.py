"""Who is signed in where: begin a session, find it, note that it is used, end it, forget it."""

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.domain.digest import digest_of
from ocpizza.domain.session_limits import CUSTOMER, STAFF_IN_ALL, StaffIdle
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.sign_in import SignInSession
from ocpizza.security_log import Action
from ocpizza.security_notes import note

AT_A_TIME = 500
# Whether a session of an account is one, still.
COUNTS = (
    SignInSession.account_id == Account.id,
    SignInSession.session_version == Account.session_version,
    Account.status == AccountStatus.ACTIVE,
)
_SIGNED_IN = (
    select(
        Account.id,
        Account.first_name,
        Account.last_name,
        Employee.role,
        Employee.restaurant_id,
        SignInSession.started_at,
        SignInSession.last_seen_at,
        Account.session_version,
        SignInSession.two_factors,
        SignInSession.shared,
    )
    .join(SignInSession, and_(*COUNTS))
    .outerjoin(Employee, Employee.account_id == Account.id)
)
SIGNED_IN = _SIGNED_IN.where(SignInSession.sha256 == bindparam("sha256"))
ALL_SIGNED_IN = _SIGNED_IN.add_columns(SignInSession.sha256).where(
    SignInSession.sha256.in_(bindparam("sha256", expanding=True))
)


class SignedIn(NamedTuple):
    """Whose session it is, and since when; its limits are for the caller to judge."""

    account_id: int
    first_name: str
    last_name: str
    employee_role: Role | None
    restaurant_id: int | None
    started_at: datetime
    last_seen_at: datetime
    session_version: int
    two_factors: bool
    shared: bool | None


def begin_session(
    session: Session,
    account: Account,
    now: datetime,
    *,
    two_factors: bool = False,
    shared: bool | None = None,
) -> str:
    """Return the id (43 characters) of a new session, for the cookie of the device.

    `two_factors` says that more than one was shown, `shared` that others use the device.
    """
    session_id = secrets.token_urlsafe(32)
    session.add(
        SignInSession(
            sha256=digest_of(session_id),
            account_id=account.id,
            session_version=account.session_version,
            started_at=now,
            last_seen_at=now,
            two_factors=two_factors,
            shared=shared,
        )
    )
    note(session, Action.SIGN_IN, account=account.id)
    return session_id


def find_session(session: Session, session_id: str) -> SignedIn | None:
    """Return who is signed in by this id, with one statement."""
    found = session.execute(SIGNED_IN, {"sha256": digest_of(session_id)}).one_or_none()
    return SignedIn._make(found) if found else None


def find_sessions(session: Session, digests: Collection[str]) -> dict[str, SignedIn]:
    """Return who is signed in by each of these ids, of which the SHA-256 are given."""
    rows = session.execute(ALL_SIGNED_IN, {"sha256": list(digests)})
    return {row.sha256: SignedIn._make(row[:-1]) for row in rows}


def note_activity(session: Session, session_id: str, now: datetime) -> None:
    """Note that a session is used; one that was ended meanwhile stays so."""
    session.execute(
        update(SignInSession)
        .where(SignInSession.sha256 == digest_of(session_id), SignInSession.last_seen_at < now)
        .values(last_seen_at=now)
        .execution_options(synchronize_session=False)
    )


def end_session(session: Session, session_id: str) -> None:
    """Sign out on one device: whoever has a copy of its cookie is out, too."""
    gone = session.scalar(
        delete(SignInSession)
        .where(SignInSession.sha256 == digest_of(session_id))
        .returning(SignInSession.account_id)
        .execution_options(synchronize_session=False)
    )
    if gone is not None:
        note(session, Action.SIGN_OUT, account=gone)


def sign_out_everywhere(session: Session, account: Account) -> None:
    """End every session of a locked account, also one that is being begun by an older cookie."""
    account.session_version += 1
    theirs = delete(SignInSession).where(SignInSession.account_id == account.id)
    for _ in range(rows_changed(session, theirs.execution_options(synchronize_session=False))):
        note(session, Action.SIGN_OUT, account=account.id)


def forget_ended_sessions(session: Session, now: datetime, idle: StaffIdle) -> int:
    """Delete sessions whose time is over, a few at a time; return how many."""
    staffs = SignInSession.account_id.in_(select(Employee.account_id))
    at_own_device = SignInSession.shared.is_(False)
    # Each is found by an index of its own: nobody reads the sessions that go on.
    over = (
        [SignInSession.last_seen_at <= now - CUSTOMER.idle],
        [SignInSession.started_at <= now - CUSTOMER.in_all],
        [staffs, SignInSession.last_seen_at <= now - max(idle.shared, idle.personal)],
        [staffs, ~at_own_device, SignInSession.last_seen_at <= now - idle.shared],
        [staffs, SignInSession.started_at <= now - STAFF_IN_ALL],
    )
    return sum(_forget(session, conditions) for conditions in over)


def _forget(session: Session, conditions: Sequence[ColumnElement[bool]]) -> int:
    some = select(SignInSession.sha256).where(*conditions).limit(AT_A_TIME)
    # One that is being ended or used is left for the next hour, so that nobody waits.
    ended = session.scalars(some.with_for_update(of=SignInSession, skip_locked=True)).all()
    gone = delete(SignInSession).where(SignInSession.sha256.in_(ended))
    return rows_changed(session, gone.execution_options(synchronize_session=False))

"""Between the password and the second factor: nobody is signed in, one page is open.

Begun again with the password when it has taken too long, or when the account was changed meanwhile.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.domain.digest import digest_of
from ocpizza.domain.recovery import bare
from ocpizza.domain.totp import new_key, step_of_code
from ocpizza.models.account import Account, AccountStatus
from ocpizza.models.second_factor import HalfSignIn
from ocpizza.services.account.second_factor import (
    enrol,
    find_second_factor,
    use_code,
    use_recovery_code,
)
from ocpizza.services.locks import lock_account

LASTS = timedelta(minutes=10)


class HalfGone(Exception):
    """It has ended: the password is asked for again."""


class WrongCode(Exception):
    """The code fits nothing, or was used before."""


@dataclass(frozen=True, slots=True)
class Completed:
    """Who has shown both factors, how, and where they wanted to go.

    `recovery_codes` are those of an application that is new.
    """

    account: Account
    next_path: str | None
    recovery_codes: Sequence[str] = ()
    by_recovery_code: bool = False


def begin_half_sign_in(
    session: Session, account: Account, next_path: str | None, now: datetime, *, anew: bool = False
) -> str:
    """Return the id (43 characters) of a sign-in that awaits its second factor, for the cookie.

    Whoever has none yet, or sets it up `anew`, is given a key to take into their application: one
    that nobody has seen before.
    """
    enrols = anew or find_second_factor(session, account.id) is None
    token = secrets.token_urlsafe(32)
    session.add(
        HalfSignIn(
            sha256=digest_of(token),
            account_id=account.id,
            session_version=account.session_version,
            key=new_key() if enrols else None,
            next_path=next_path,
            expires_at=now + LASTS,
        )
    )
    session.flush()
    return token


def find_half_sign_in(
    session: Session, token: str, now: datetime
) -> tuple[HalfSignIn, Account] | None:
    """Return a sign-in that goes on, and whose it is."""
    found = session.execute(
        select(HalfSignIn, Account)
        .join(Account, Account.id == HalfSignIn.account_id)
        .where(
            HalfSignIn.sha256 == digest_of(token),
            HalfSignIn.session_version == Account.session_version,
            HalfSignIn.expires_at > now,
            Account.status == AccountStatus.ACTIVE,
        )
        .execution_options(populate_existing=True)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def complete_sign_in(session: Session, token: str, typed: str, now: datetime) -> Completed:
    """Show the second factor: a code of the application or, once it is set up, a recovery code.

    Each is judged after the account's lock: of two requests with one code, one is right. Raises
    HalfGone, or WrongCode with nothing changed.
    """
    found = find_half_sign_in(session, token, now)
    if found is None:
        raise HalfGone
    lock_account(session, found[1].id)
    found = find_half_sign_in(session, token, now)
    if found is None:
        raise HalfGone
    half, account = found
    session.expire(account, ["employee"])
    code, next_path = bare(typed), half.next_path
    if half.key is not None:
        step = step_of_code(half.key, code, now)
        if step is None:
            raise WrongCode
        codes = enrol(session, account, half.key, step, now)
        return Completed(account, next_path, recovery_codes=codes)
    factor = find_second_factor(session, account.id)
    if factor is None:
        # Reset meanwhile: what is asked for now is another thing.
        raise HalfGone
    by_application = use_code(factor, code, now)
    if not by_application and not use_recovery_code(session, account.id, code):
        raise WrongCode
    end_half_sign_in(session, token)
    return Completed(account, next_path, by_recovery_code=not by_application)


def end_half_sign_in(session: Session, token: str) -> None:
    """Nobody goes on with it."""
    gone = delete(HalfSignIn).where(HalfSignIn.sha256 == digest_of(token))
    session.execute(gone.execution_options(synchronize_session=False))


def forget_half_sign_ins(session: Session, now: datetime) -> int:
    """Delete those that have ended; return their number."""
    over = delete(HalfSignIn).where(HalfSignIn.expires_at <= now)
    return rows_changed(session, over.execution_options(synchronize_session=False))

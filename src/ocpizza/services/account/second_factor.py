"""What is asked for beside a password: set up, tried, taken away."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.domain.author import Author
from ocpizza.domain.recovery import digest_of_code, new_codes
from ocpizza.domain.totp import step_of_code
from ocpizza.models.account import Account, Employee, Role
from ocpizza.models.mail import MailKind
from ocpizza.models.second_factor import HalfSignIn, RecoveryCode, SecondFactor
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.managing import record_staff_change
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.account.quick_codes import drop_quick_code
from ocpizza.services.account.sign_in_sessions import sign_out_everywhere
from ocpizza.services.locks import lock_account
from ocpizza.services.trail.record import Signature

FACT = "second_factor"


class SecondFactorRequired(Exception):
    """Who manages the group does not go without."""


def is_required(employee: Employee | None) -> bool:
    """Return whether somebody signs in with a second factor, or not at all."""
    return employee is not None and employee.manages_group


def find_second_factor(session: Session, account_id: int) -> SecondFactor | None:
    """Return how somebody shows the second factor, as it is now."""
    return session.get(SecondFactor, account_id, populate_existing=True)


def is_asked(session: Session, account: Account) -> bool:
    """Return whether this account is opened by a second factor, too."""
    return is_required(account.employee) or find_second_factor(session, account.id) is not None


def enrol(session: Session, account: Account, key: str, step: int, now: datetime) -> list[str]:
    """Have a locked account opened by the application that has this key, and has shown it.

    Whatever opened it before does so no longer: sessions, sign-ins under way, another application,
    four digits. Gives the recovery codes, for once.
    """
    factor = find_second_factor(session, account.id)
    before = factor is not None
    if factor is None:
        factor = SecondFactor(account_id=account.id)
        session.add(factor)
    factor.key, factor.last_step, factor.enrolled_at = key, step, now
    sign_out_everywhere(session, account)
    _end_half_sign_ins(session, account.id)
    drop_quick_code(session, account.id)
    codes = _write_codes(session, account.id)
    _record(session, account, Signature(author_of(account), now), before=before, after=True)
    note(session, Action.SECOND_FACTOR_SET, account=account.id)
    notify_account(session, account, News(MailKind.SECOND_FACTOR_SET), now)
    return codes


def use_code(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Use up a code of the application, and all before it; the account is locked."""
    step = step_of_code(factor.key, code, now, after=factor.last_step)
    if step is None:
        return False
    factor.last_step = step
    return True


def use_recovery_code(session: Session, account_id: int, code: str) -> bool:
    """Use up a recovery code."""
    same = (RecoveryCode.account_id == account_id, RecoveryCode.sha256 == digest_of_code(code))
    used = delete(RecoveryCode).where(*same).execution_options(synchronize_session=False)
    if not rows_changed(session, used):
        return False
    note(session, Action.RECOVERY_CODE_USED, account=account_id)
    return True


def recovery_codes_left(session: Session, account_id: int) -> int:
    """Return how many are still good."""
    mine = RecoveryCode.account_id == account_id
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(mine)) or 0


def renew_recovery_codes(session: Session, account_id: int) -> list[str] | None:
    """Return new recovery codes in place of all others; None without a second factor."""
    lock_account(session, account_id)
    if find_second_factor(session, account_id) is None:
        return None
    note(session, Action.RECOVERY_CODES_RENEWED, account=account_id)
    return _write_codes(session, account_id)


def remove_second_factor(session: Session, account_id: int, now: datetime) -> bool:
    """Have one's own account opened by its password alone; False where it is already.

    Raises SecondFactorRequired.
    """
    account = lock_account(session, account_id)
    session.expire(account, ["employee"])
    if is_required(account.employee):
        raise SecondFactorRequired
    return forget_second_factor(session, account, Signature(author_of(account), now))


def forget_second_factor(session: Session, account: Account, signed: Signature) -> bool:
    """Take the second factor from a locked account and write that down; False where none was."""
    if not drop_second_factor(session, account.id):
        return False
    _record(session, account, signed, before=True, after=False)
    note(session, Action.SECOND_FACTOR_REMOVED, account=account.id)
    notify_account(session, account, News(MailKind.SECOND_FACTOR_REMOVED), signed.at)
    return True


def drop_second_factor(session: Session, account_id: int) -> bool:
    """Delete all that is kept of the second factor of a locked account; return whether it was."""
    _end_half_sign_ins(session, account_id)
    for table in (RecoveryCode, SecondFactor):
        theirs = delete(table).where(table.account_id == account_id)
        gone = rows_changed(session, theirs.execution_options(synchronize_session="fetch"))
    return gone > 0


def author_of(account: Account) -> Author:
    """Return somebody as the author of what they do to their own account."""
    return Author(account.id, account.employee.role if account.employee else Role.CUSTOMER)


def _end_half_sign_ins(session: Session, account_id: int) -> None:
    theirs = delete(HalfSignIn).where(HalfSignIn.account_id == account_id)
    session.execute(theirs.execution_options(synchronize_session=False))


def _write_codes(session: Session, account_id: int) -> list[str]:
    old = delete(RecoveryCode).where(RecoveryCode.account_id == account_id)
    session.execute(old.execution_options(synchronize_session=False))
    codes = new_codes()
    session.add_all(
        RecoveryCode(account_id=account_id, sha256=digest_of_code(code)) for code in codes
    )
    session.flush()
    return codes


def _record(
    session: Session, account: Account, signed: Signature, *, before: bool, after: bool
) -> None:
    """« Journal » says that it was set up or removed, and no more."""
    employee = account.employee
    if employee is None:
        return
    # Set up anew, it is told as such.
    told = ({FACT: before and not after}, {FACT: after})
    record_staff_change(session, signed, account, told, {employee.restaurant_id})

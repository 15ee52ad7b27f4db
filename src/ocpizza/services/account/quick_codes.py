"""Four digits by which staff take their place again at a device that others use, too."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.domain.digest import digest_of
from ocpizza.domain.passwords import hash_password
from ocpizza.domain.quick_codes import refuse_weak_code
from ocpizza.models.account import Account, AccountStatus, Employee
from ocpizza.models.device import DevicePerson, QuickCode
from ocpizza.models.second_factor import SecondFactor
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.devices import MAX_WRONG_CODES, find_device, people_at


class NoQuickCode(Exception):
    """Whoever manages the group, or has a second factor, always signs in with all they have."""


class SwitchRefused(Exception):
    """Four digits do not let this person in here: the password does."""


def set_quick_code(session: Session, account: Account, code: str, now: datetime) -> None:
    """Have somebody take their place with these digits. Raises WeakQuickCode and NoQuickCode."""
    refuse_weak_code(code, account.birthday)
    if not may_have_code(session, account):
        raise NoQuickCode
    kept = session.get(QuickCode, account.id, populate_existing=True)
    if kept is None:
        kept = QuickCode(account_id=account.id)
        session.add(kept)
    kept.code_hash, kept.set_at = hash_password(code), now
    session.flush()
    note(session, Action.QUICK_CODE_SET, account=account.id)


def may_have_code(session: Session, account: Account) -> bool:
    """Return whether four digits are enough for somebody."""
    employee = account.employee
    if employee is None or employee.manages_group:
        return False
    return session.get(SecondFactor, account.id) is None


def has_code(session: Session, account_id: int) -> bool:
    """Return whether somebody has set their digits."""
    return session.get(QuickCode, account_id) is not None


def begin_switch(session: Session, secret: str | None, account_id: int, now: datetime) -> str:
    """Count a try as wrong and return the hash to compare with; commit before that is done.

    Raises SwitchRefused.
    """
    known = {one.account_id for one in people_at(session, secret, now)}
    if secret is None or account_id not in known:
        raise SwitchRefused
    tried = (
        update(DevicePerson)
        .where(
            DevicePerson.device_sha256 == digest_of(secret),
            DevicePerson.account_id == account_id,
            # Of tries at once, each counts.
            DevicePerson.wrong_codes < MAX_WRONG_CODES,
        )
        .values(wrong_codes=DevicePerson.wrong_codes + 1)
        .execution_options(synchronize_session=False)
    )
    if not rows_changed(session, tried):
        raise SwitchRefused
    code = session.get(QuickCode, account_id, populate_existing=True)
    if code is None:
        raise SwitchRefused
    return code.code_hash


def end_switch(
    session: Session, secret: str | None, account_id: int, code_hash: str, now: datetime
) -> Account:
    """Return whoever's digits were right, locked. Raises SwitchRefused if that is old news."""
    device = find_device(session, secret, now)
    if device is None or not device.shared:
        raise SwitchRefused
    account = session.scalars(
        select(Account)
        .join(DevicePerson, DevicePerson.account_id == Account.id)
        .join(Employee, Employee.account_id == Account.id)
        .join(QuickCode, QuickCode.account_id == Account.id)
        .where(
            Account.id == account_id,
            DevicePerson.device_sha256 == device.sha256,
            DevicePerson.session_version == Account.session_version,
            Account.status == AccountStatus.ACTIVE,
            QuickCode.code_hash == code_hash,
        )
        .with_for_update(of=Account, key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if account is None or not may_have_code(session, account):
        raise SwitchRefused
    # This try alone was none: with all forgiven, a colleague guesses on after each right code.
    forgiven = (
        update(DevicePerson)
        .where(
            DevicePerson.device_sha256 == device.sha256,
            DevicePerson.account_id == account_id,
            DevicePerson.wrong_codes > 0,
        )
        .values(wrong_codes=DevicePerson.wrong_codes - 1)
        .execution_options(synchronize_session=False)
    )
    session.execute(forgiven)
    return account


def drop_quick_code(session: Session, account_id: int) -> None:
    """Forget somebody's digits."""
    theirs = delete(QuickCode).where(QuickCode.account_id == account_id)
    session.execute(theirs.execution_options(synchronize_session="fetch"))

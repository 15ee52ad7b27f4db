"""Devices that staff sign in at: shared or not, who was there today, who is there again."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.domain.hours import business_day, span
from ocpizza.domain.passwords import hash_password
from ocpizza.domain.quick_codes import refuse_weak_code
from ocpizza.domain.sorting import reading_order
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.device import Device, DevicePerson, QuickCode
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.sign_in import SignInSession
from ocpizza.security_log import Action
from ocpizza.security_notes import note

MAX_WRONG_CODES = 5
# Who carries their own telephone; all others work at what stands in the restaurant.
PERSONAL = frozenset({Role.DRIVER})
# Who may take their place with four digits: still the account of then, and no more is asked.
MAY_SWITCH = (
    DevicePerson.session_version == Account.session_version,
    DevicePerson.wrong_codes < MAX_WRONG_CODES,
    Account.status == AccountStatus.ACTIVE,
    Employee.account_id == Account.id,
    ~and_(Employee.role == Role.MANAGER, Employee.restaurant_id.is_(None)),
    ~exists().where(SecondFactor.account_id == Account.id),
    exists().where(QuickCode.account_id == Account.id),
)


class NoQuickCode(Exception):
    """Whoever manages the group, or has a second factor, always signs in with all they have."""


class SwitchRefused(Exception):
    """Four digits do not let this person in here: the password does."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """The device where somebody has signed in; `secret` is for its cookie where it is new."""

    shared: bool
    secret: str | None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may take their place again."""

    account_id: int
    first_name: str


def arrive(
    session: Session, secret: str | None, account: Account, shared: bool | None, now: datetime
) -> Arrival:
    """Note that somebody has signed in at a device with their password.

    `shared` is what they said of it: None leaves it as it was said today, or as their job has it.
    What drivers alone had for their own until now is shared once somebody else works there.
    """
    device = _find(session, secret, now)
    fresh: str | None = None
    if device is None:
        fresh = secrets.token_urlsafe(32)
        role = account.employee.role if account.employee else None
        _today, end = span(business_day(now))
        device = Device(sha256=_digest(fresh), shared=role not in PERSONAL, expires_at=end)
        session.add(device)
    session.flush()
    person = session.get(DevicePerson, (device.sha256, account.id), populate_existing=True)
    if shared is not None:
        device.shared = shared
    elif person is None and _follows_drivers(session, device, account):
        device.shared = True
    if person is None:
        person = DevicePerson(device_sha256=device.sha256, account_id=account.id)
        session.add(person)
    person.session_version, person.wrong_codes = account.session_version, 0
    session.flush()
    return Arrival(device.shared, fresh)


def people_at(session: Session, secret: str | None, now: datetime) -> list[Person]:
    """Return who may take their place at a shared device, by first name."""
    device = _find(session, secret, now)
    if device is None or not device.shared:
        return []
    known = (
        select(Account.id, Account.first_name)
        .join(DevicePerson, DevicePerson.account_id == Account.id)
        .where(DevicePerson.device_sha256 == device.sha256, *MAY_SWITCH)
    )
    found = [Person(*row) for row in session.execute(known)]
    return sorted(found, key=lambda person: (*reading_order(person.first_name), person.account_id))


def is_shared(session: Session, secret: str | None, now: datetime) -> bool | None:
    """Return what was said of a device today; None for one that is not known."""
    device = _find(session, secret, now)
    return device.shared if device else None


def set_shared(
    session: Session, secret: str | None, session_id: str, *, shared: bool, now: datetime
) -> bool:
    """Say whether others use a device, and so how long this session may idle.

    False for a device that is not known today: who signs in there says it then.
    """
    device = _find(session, secret, now)
    if device is None:
        return False
    device.shared = shared
    mine = update(SignInSession).where(SignInSession.sha256 == _digest(session_id))
    session.execute(mine.values(shared=shared).execution_options(synchronize_session=False))
    session.flush()
    return True


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
    if employee is None or (employee.role is Role.MANAGER and employee.restaurant_id is None):
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
            DevicePerson.device_sha256 == _digest(secret),
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
    device = _find(session, secret, now)
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


def forget_devices(session: Session, now: datetime) -> int:
    """Delete what was known of devices until the end of their day; return their number."""
    over = select(Device.sha256).where(Device.expires_at <= now)
    people = delete(DevicePerson).where(DevicePerson.device_sha256.in_(over))
    session.execute(people.execution_options(synchronize_session=False))
    gone = delete(Device).where(Device.expires_at <= now)
    return rows_changed(session, gone.execution_options(synchronize_session=False))


def _follows_drivers(session: Session, device: Device, account: Account) -> bool:
    """Return whether somebody without a telephone of their own comes where only drivers were."""
    if account.employee is None or account.employee.role in PERSONAL:
        return False
    here = DevicePerson.device_sha256 == device.sha256
    roles = select(Employee.role).join(DevicePerson, DevicePerson.account_id == Employee.account_id)
    before = set(session.scalars(roles.where(here)))
    return bool(before) and before <= PERSONAL


def _find(session: Session, secret: str | None, now: datetime) -> Device | None:
    if not secret:
        return None
    known = select(Device).where(Device.sha256 == _digest(secret), Device.expires_at > now)
    return session.scalars(known.execution_options(populate_existing=True)).one_or_none()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

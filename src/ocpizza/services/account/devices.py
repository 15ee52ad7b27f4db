"""Devices that staff sign in at: shared or not, who was there today, who is there again."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, exists, select, update
from sqlalchemy.orm import Session

from ocpizza.db import rows_changed
from ocpizza.domain.digest import digest_of
from ocpizza.domain.hours import business_day, span
from ocpizza.domain.sorting import reading_order
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.device import Device, DevicePerson, QuickCode
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.sign_in import SignInSession

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
    device = find_device(session, secret, now)
    fresh: str | None = None
    if device is None:
        fresh = secrets.token_urlsafe(32)
        role = account.employee.role if account.employee else None
        _today, end = span(business_day(now))
        device = Device(sha256=digest_of(fresh), shared=role not in PERSONAL, expires_at=end)
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
    device = find_device(session, secret, now)
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
    device = find_device(session, secret, now)
    return device.shared if device else None


def set_shared(
    session: Session, secret: str | None, session_id: str, *, shared: bool, now: datetime
) -> bool:
    """Say whether others use a device, and so how long this session may idle.

    False for a device that is not known today: who signs in there says it then.
    """
    device = find_device(session, secret, now)
    if device is None:
        return False
    device.shared = shared
    mine = update(SignInSession).where(SignInSession.sha256 == digest_of(session_id))
    session.execute(mine.values(shared=shared).execution_options(synchronize_session=False))
    session.flush()
    return True


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


def find_device(session: Session, secret: str | None, now: datetime) -> Device | None:
    """Return the device whose cookie this is, if it is known today."""
    if not secret:
        return None
    known = select(Device).where(Device.sha256 == digest_of(secret), Device.expires_at > now)
    return session.scalars(known.execution_options(populate_existing=True)).one_or_none()

"""UC7.1: what a manager may do to whom, judged while both accounts are locked."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.staff_change import Subject
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.trail.record import Change, Facts, Signature, record_change

COOKING = (Status.ACCEPTED, Status.PREPARING)


class NotManaged(Exception):
    """The one who acts may not do that to this colleague, or is no manager any more."""


class ColleagueGone(Exception):
    """Who was to be changed is no member of staff any more."""


class OwnAccount(Exception):
    """Nobody takes their own rights, gives them to themselves, or renews their own password so."""


class LastGroupManager(Exception):
    """Without them nobody would manage the group."""


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody does where; without a restaurant they manage the group."""

    role: Role
    restaurant_id: int | None


def may_manage(manager_of: int | None, restaurant_id: int | None) -> bool:
    """Return whether the manager of a restaurant (None: of the group) manages who works there.

    A restaurant's manager manages its staff, the group's manager everybody.
    """
    return manager_of is None or manager_of == restaurant_id


def lock_manager(session: Session, signed: Signature) -> Place:
    """Hold who acts, so that they stay a manager until the end. Raises NotManaged."""
    assert signed.author is not None
    assert signed.author.account_id is not None
    return _place_of_manager(_locked(session, signed.author.account_id), signed)


def lock_colleague(
    session: Session, signed: Signature, account_id: int, version: int
) -> tuple[Place, Account, Employee]:
    """Hold who acts and who is changed: what one may do to the other is judged from here on.

    Always in the same order, so that two who change each other do not wait for each other. Raises
    NotManaged, ColleagueGone, and StaleVersion where it is not of the version that was shown.
    """
    assert signed.author is not None
    assert signed.author.account_id is not None
    held = _locked(session, signed.author.account_id, account_id)
    manager = _place_of_manager(held, signed)
    colleague = next((each for each in held if each.id == account_id), None)
    employee = colleague.employee if colleague else None
    if colleague is None or employee is None:
        raise ColleagueGone
    if not may_manage(manager.restaurant_id, employee.restaurant_id):
        raise NotManaged
    if employee.version != version:
        raise StaleVersion
    return manager, colleague, employee


def refuse_own(signed: Signature, account: Account) -> None:
    """Raises OwnAccount."""
    if signed.author and signed.author.account_id == account.id:
        raise OwnAccount


def refuse_last(session: Session, account: Account) -> None:
    """Raises LastGroupManager where nobody else who is active manages the group.

    Whoever else could go meanwhile holds who acts, as this one does.
    """
    employee = account.employee
    if employee is None or employee.restaurant_id is not None:
        return
    others = (
        select(Account.id)
        .join(Account.employee)
        .where(
            Employee.restaurant_id.is_(None),
            Account.status == AccountStatus.ACTIVE,
            Account.id != account.id,
        )
    )
    if account.status is AccountStatus.ACTIVE and session.scalar(others.limit(1)) is None:
        raise LastGroupManager


def refuse_raising(manager: Place, place: Place) -> None:
    """Raises NotManaged where a place is above what a manager may give."""
    if not may_manage(manager.restaurant_id, place.restaurant_id):
        raise NotManaged
    if place.restaurant_id is None and place.role is not Role.MANAGER:
        raise NotManaged


def orders_in_hand(session: Session, account_id: int) -> Sequence[str]:
    """Return the numbers of the orders that somebody is making or carrying right now."""
    carried = and_(Order.status == Status.OUT_FOR_DELIVERY, Order.driver_id == account_id)
    made = and_(Order.status.in_(COOKING), Order.pizzaiolo_id == account_id)
    under_way = (*COOKING, Status.OUT_FOR_DELIVERY)
    return session.scalars(
        select(Order.number)
        .where(
            # By restaurant and status, which finds what is open among years of orders.
            Order.restaurant_id.in_(select(Restaurant.id)),
            Order.status.in_(under_way),
            or_(carried, made),
        )
        .order_by(Order.placed_at)
    ).all()


def facts_of(session: Session, account: Account) -> Facts:
    """Return what the audit trail tells of a member of staff."""
    employee = account.employee
    assert employee is not None
    at = session.get(Restaurant, employee.restaurant_id) if employee.restaurant_id else None
    return {
        "identifier": account.identifier,
        "first_name": account.first_name,
        "last_name": account.last_name,
        "role": str(employee.role),
        "restaurant": at.name if at else None,
        "account_active": account.status is AccountStatus.ACTIVE,
    }


def record_staff_change(
    session: Session,
    signed: Signature,
    account: Account,
    told: tuple[Facts | None, Facts | None],
    places: set[int | None],
) -> None:
    """Write it down for the managers of each place concerned, and in the security log."""
    for restaurant_id in sorted(places, key=lambda id: id or 0):
        change = Change(Subject.STAFF, *told, restaurant_id, account_id=account.id)
        record_change(session, signed, change)
    note(session, Action.STAFF_CHANGED, colleague=account.id)


def _locked(session: Session, *account_ids: int) -> list[Account]:
    held = session.scalars(
        select(Account)
        .where(Account.id.in_(account_ids))
        .order_by(Account.id)
        # Rows that only name them (orders, events) need not wait.
        .with_for_update(of=Account, key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    # Their jobs as they are now: whoever changes one holds its account.
    jobs = select(Employee).where(Employee.account_id.in_(account_ids))
    known = {
        job.account_id: job
        for job in session.scalars(jobs.execution_options(populate_existing=True))
    }
    for account in held:
        if account.id not in known:
            session.expire(account, ["employee"])
    return list(held)


def _place_of_manager(held: Sequence[Account], signed: Signature) -> Place:
    assert signed.author is not None
    who = next((each for each in held if each.id == signed.author.account_id), None)
    employee = who.employee if who else None
    if who is None or who.status is not AccountStatus.ACTIVE or employee is None:
        raise NotManaged
    if employee.role is not Role.MANAGER:
        raise NotManaged
    return Place(employee.role, employee.restaurant_id)

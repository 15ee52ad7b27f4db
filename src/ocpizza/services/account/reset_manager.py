"""A manager of the group who cannot get in any more, from the command line: let in again."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from ocpizza.domain.email_address import normal_identifier
from ocpizza.domain.passwords import refuse_weak
from ocpizza.models.account import Account, AccountStatus, Employee
from ocpizza.services.account.create_manager import InvalidManager
from ocpizza.services.account.managing import facts_of, record_staff_change
from ocpizza.services.account.password import change_password
from ocpizza.services.account.second_factor import FACT, drop_second_factor
from ocpizza.services.account.sign_in_attempts import forget_tries
from ocpizza.services.locks import lock_account
from ocpizza.services.trail.record import Signature


def reset_manager(session: Session, identifier: str, password: str, now: datetime) -> Account:
    """Give a manager of the group a new password and reactivate them; every session ends.

    They set up their second factor anew. Wrong tries are forgotten: they may sign in at once.
    Raises InvalidManager, or WeakPassword, with nothing changed.
    """
    account = lock_account(session, _id_of(session, identifier))
    employee = session.get_one(Employee, account.id, populate_existing=True)
    if employee.restaurant_id is not None:
        raise _unknown(identifier)
    refuse_weak(password, account.names)
    before = {"account_active": facts_of(session, account)["account_active"], "renewed": False}
    account.status = AccountStatus.ACTIVE
    change_password(session, account, password, now)
    had_second_factor = drop_second_factor(session, account.id)
    forget_tries(session, account)
    # A page that shows them is old news.
    employee.touch_version()
    session.flush()
    told = (
        before | {FACT: had_second_factor},
        {"account_active": True, "renewed": True, FACT: False},
    )
    record_staff_change(session, Signature(None, now), account, told, {None})
    return account


def _id_of(session: Session, identifier: str) -> int:
    name = normal_identifier(identifier)
    if not name:
        raise _unknown(identifier)
    query = select(Account.id).join(Account.employee).where(Employee.restaurant_id.is_(None))
    same = or_(Account.identifier == name, Account.email == name)
    id = session.scalar(query.where(same))
    if id is None:
        raise _unknown(identifier)
    return id


def _unknown(identifier: str) -> InvalidManager:
    return InvalidManager(f"no manager of the group signs in with « {identifier} »")

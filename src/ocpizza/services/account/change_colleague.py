"""UC7.1: change a member of staff, let them in and out, delete them; orders keep who did what."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from ocpizza.domain.passwords import new_password
from ocpizza.models.account import Account, AccountStatus, Employee
from ocpizza.services.account.add_colleague import Issued
from ocpizza.services.account.links import retire_links
from ocpizza.services.account.managing import (
    Place,
    facts_of,
    lock_colleague,
    orders_in_hand,
    record_staff_change,
    refuse_last,
    refuse_own,
    refuse_raising,
)
from ocpizza.services.account.password import change_password
from ocpizza.services.account.quick_codes import drop_quick_code
from ocpizza.services.account.revoke import revoke_access
from ocpizza.services.account.second_factor import drop_second_factor, forget_second_factor
from ocpizza.services.account.sign_in_attempts import lift_limits
from ocpizza.services.account.sign_in_sessions import sign_out_everywhere
from ocpizza.services.trail.record import Signature


@dataclass
class OrdersInHand(Exception):
    """They are making or carrying these orders (their numbers)."""

    numbers: list[str]


@dataclass(frozen=True, slots=True)
class Draft:
    """A member of staff as a manager wrote it."""

    first_name: str
    last_name: str
    place: Place


@dataclass(frozen=True, slots=True)
class Shown:
    """A member of staff, as the page showed them: of this version."""

    account_id: int
    version: int


def change_colleague(session: Session, signed: Signature, shown: Shown, draft: Draft) -> Account:
    """Write over what was shown; rights are those of the next request.

    Here as below: raises NotManaged, ColleagueGone, StaleVersion, OwnAccount (of one's own place)
    and LastGroupManager.
    """
    manager, account, employee = lock_colleague(session, signed, shown.account_id, shown.version)
    before, place = facts_of(session, account), Place(employee.role, employee.restaurant_id)
    if draft.place != place:
        refuse_last(session, account)
        refuse_own(signed, account)
        refuse_raising(manager, draft.place)
    account.first_name, account.last_name = draft.first_name, draft.last_name
    employee.role, employee.restaurant_id = draft.place.role, draft.place.restaurant_id
    # Names are the account's: the job's own version must say that they have changed.
    employee.touch_version()
    session.flush()
    places = {place.restaurant_id, draft.place.restaurant_id}
    record_staff_change(session, signed, account, (before, facts_of(session, account)), places)
    return account


def give_password(session: Session, signed: Signature, shown: Shown, network: str) -> Issued:
    """Return a colleague with a new password; they are signed out everywhere.

    Their wrong tries are forgotten: whoever asks for it has mostly tried too often. They are known
    in `network`, where they are handed it. One's own is changed on one's own page.
    """
    _manager, account, employee = lock_colleague(session, signed, shown.account_id, shown.version)
    refuse_own(signed, account)
    password = new_password()
    change_password(session, account, password, signed.at)
    lift_limits(session, account, network, signed.at)
    _touch(session, employee)
    told = ({"renewed": False}, {"renewed": True})
    record_staff_change(session, signed, account, told, {employee.restaurant_id})
    return Issued(account, password)


def reset_second_factor(session: Session, signed: Signature, shown: Shown) -> tuple[Account, bool]:
    """Take the second factor from a colleague, who has lost it; they are signed out everywhere.

    Tell whether there was one. One's own is changed on one's own page.
    """
    _manager, account, employee = lock_colleague(session, signed, shown.account_id, shown.version)
    refuse_own(signed, account)
    if not forget_second_factor(session, account, signed):
        return account, False
    sign_out_everywhere(session, account)
    _touch(session, employee)
    return account, True


def switch_colleague(
    session: Session, signed: Signature, shown: Shown, *, active: bool
) -> tuple[Account, list[str]]:
    """Let a colleague in again, or out at once; give the numbers of the orders in their hands."""
    _manager, account, employee = lock_colleague(session, signed, shown.account_id, shown.version)
    if not active:
        refuse_last(session, account)
    refuse_own(signed, account)
    before = facts_of(session, account)
    account.status = AccountStatus.ACTIVE if active else AccountStatus.INACTIVE
    if not active:
        sign_out_everywhere(session, account)
        retire_links(session, account, signed.at)
    _touch(session, employee)
    told = (before, facts_of(session, account))
    record_staff_change(session, signed, account, told, {employee.restaurant_id})
    return account, list(orders_in_hand(session, account.id))


def delete_colleague(session: Session, signed: Signature, shown: Shown) -> Account:
    """Take somebody out of the staff: nothing lets them in, and their identifier is free.

    Their name stays with the orders that they made and carried until their account is erased, by
    itself, as any that nobody uses: that time begins now. Raises OrdersInHand, too.
    """
    _manager, account, employee = lock_colleague(session, signed, shown.account_id, shown.version)
    refuse_last(session, account)
    refuse_own(signed, account)
    if numbers := orders_in_hand(session, account.id):
        raise OrdersInHand(list(numbers))
    told = (facts_of(session, account), None)
    revoke_access(session, account, signed.at)
    drop_second_factor(session, account.id)
    drop_quick_code(session, account.id)
    account.identifier = account.email = account.email_verified_at = None
    account.status, account.last_seen_at = AccountStatus.INACTIVE, signed.at
    record_staff_change(session, signed, account, told, {employee.restaurant_id})
    session.delete(employee)
    session.flush()
    session.expire(account, ["employee"])
    return account


def _touch(session: Session, employee: Employee) -> None:
    employee.touch_version()
    session.flush()

"""UC7.1: a new member of staff, with an identifier and a password made for them."""

from dataclasses import dataclass, field

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.domain.identifiers import made_identifiers
from ocpizza.domain.passwords import hash_password, new_password
from ocpizza.domain.sorting import reading_order
from ocpizza.models.account import Account, Employee
from ocpizza.services.account.colleagues import working_at
from ocpizza.services.account.create import is_taken
from ocpizza.services.account.managing import (
    Place,
    facts_of,
    lock_manager,
    record_staff_change,
    refuse_raising,
)
from ocpizza.services.trail.record import Signature


class IdentifierTaken(ValueError):
    """Somebody signs in with this identifier already."""


@dataclass
class Namesake(ValueError):
    """Somebody of these names works there already: the same form again, or another person."""

    account: Account


@dataclass(frozen=True, slots=True)
class NewColleague:
    """What a manager says of somebody; without an identifier one is made of the names."""

    first_name: str
    last_name: str
    place: Place
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Issued:
    """An account and its new password, which is known only here."""

    account: Account
    password: str = field(repr=False)


def add_colleague(session: Session, signed: Signature, new: NewColleague) -> Issued:
    """Return a new member of staff.

    Raises NotManaged; Namesake, unless an identifier tells them apart; and IdentifierTaken.
    """
    password = new_password()
    # It takes long: before anything is locked.
    hashed = hash_password(password)
    manager = lock_manager(session, signed)
    refuse_raising(manager, new.place)
    account = Account(
        identifier=new.identifier or _made_identifier(session, new),
        first_name=new.first_name,
        last_name=new.last_name,
        password_hash=hashed,
        created_at=signed.at,
        employee=Employee(role=new.place.role, restaurant_id=new.place.restaurant_id),
    )
    if new.identifier and is_taken(session, new.identifier):
        raise IdentifierTaken
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        # Somebody else has just taken it: the identifier is the only thing that must be unique.
        raise IdentifierTaken from error
    told = (None, facts_of(session, account))
    record_staff_change(session, signed, account, told, {new.place.restaurant_id})
    return Issued(account, password)


def _made_identifier(session: Session, new: NewColleague) -> str:
    wanted = reading_order(f"{new.first_name} {new.last_name}")[0]
    for colleague in working_at(session, new.place.restaurant_id):
        if reading_order(colleague.full_name)[0] == wanted:
            raise Namesake(colleague)
    made = made_identifiers(new.first_name, new.last_name)
    return next(each for each in made if not is_taken(session, each))

"""The group's first manager, from the command line: no page could create them."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from ocpizza.domain.email_address import normal_identifier
from ocpizza.domain.passwords import hash_password, refuse_weak
from ocpizza.domain.plain_text import one_line
from ocpizza.models.account import Account, Employee, Role
from ocpizza.models.staff_change import Subject
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.managing import facts_of
from ocpizza.services.trail.record import Change, Signature, record_change

IDENTIFIER = re.compile(r"[^\s\x00-\x1f]{1,254}")
MAX_NAME_LENGTH = 100


@dataclass(frozen=True, slots=True)
class NewManager:
    """What is typed to make a manager."""

    identifier: str
    first_name: str
    last_name: str
    password: str = field(repr=False)


class InvalidManager(ValueError):
    """No account can be made of this; the message says why."""


def create_manager(session: Session, manager: NewManager, now: datetime) -> Account:
    """Return an account that manages every restaurant.

    Raises InvalidManager, or WeakPassword, with nothing changed.
    """
    identifier, password = normal_identifier(manager.identifier), manager.password
    first_name, last_name = one_line(manager.first_name), one_line(manager.last_name)
    if not IDENTIFIER.fullmatch(identifier):
        raise InvalidManager("an identifier has 1 to 254 characters and no spaces")
    if not (first_name or last_name) or max(len(first_name), len(last_name)) > MAX_NAME_LENGTH:
        raise InvalidManager(f"a name is needed, each part of {MAX_NAME_LENGTH} characters at most")
    refuse_weak(password, (identifier, first_name, last_name))
    same = or_(Account.identifier == identifier, Account.email == identifier)
    if session.scalar(select(exists().where(same))):
        raise InvalidManager(f"« {identifier} » exists already; choose another identifier")
    account = Account(
        identifier=identifier,
        first_name=first_name,
        last_name=last_name,
        password_hash=hash_password(password),
        created_at=now,
        employee=Employee(role=Role.MANAGER),
    )
    session.add(account)
    session.flush()
    added = Change(Subject.STAFF, None, facts_of(session, account), None, account_id=account.id)
    record_change(session, Signature(None, now), added)
    note(session, Action.MANAGER_CREATED, account=account.id, role=str(Role.MANAGER))
    return account

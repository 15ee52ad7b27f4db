"""UC2.1: a customer's account, made with a form by its owner (A1)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ocpizza.domain.passwords import hash_password
from ocpizza.domain.postal_address import Address
from ocpizza.models.account import Account, AddressUse
from ocpizza.models.mail import MailKind
from ocpizza.security_log import Action
from ocpizza.security_notes import note
from ocpizza.services.account.addresses import save_address
from ocpizza.services.account.notify import News, notify_account


class AccountExists(Exception):
    """Somebody signs in with this e-mail address already (« Un compte existe déjà »)."""


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody says of themselves; the e-mail address in lower case, the phone in E.164."""

    email: str
    password: str
    first_name: str
    last_name: str
    phone: str | None = None
    birthday: date | None = None
    delivery: Address | None = None
    language: str = "fr"


def create_account(session: Session, new: NewAccount, now: datetime) -> Account:
    """Return a new account, whose address is asked to be confirmed by e-mail.

    Raises AccountExists, with nothing changed and after as much work.
    """
    account = Account(
        email=new.email,
        password_hash=hash_password(new.password),
        first_name=new.first_name,
        last_name=new.last_name,
        phone=new.phone,
        birthday=new.birthday,
        language=new.language,
        created_at=now,
    )
    if is_taken(session, new.email):
        raise AccountExists
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError as error:
        # Somebody else has just taken it: the address is the only thing that must be unique.
        raise AccountExists from error
    save_address(session, account, AddressUse.DELIVERY, new.delivery)
    notify_account(session, account, News(MailKind.EMAIL_CONFIRMATION), now)
    note(session, Action.ACCOUNT_CREATED, account=account.id)
    return account


def is_taken(session: Session, email: str) -> bool:
    """Return whether anybody signs in with this."""
    same = or_(Account.email == email, Account.identifier == email)
    return bool(session.scalar(select(exists().where(same))))

"""A1: what an account knows of its owner, read and changed."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from ocpizza.domain.postal_address import Address
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Account, AddressUse, Employee
from ocpizza.services.account.addresses import save_address, saved_address


@dataclass(frozen=True, slots=True)
class Profile:
    """What the owner of an account may change about themselves; the phone in E.164."""

    first_name: str
    last_name: str
    phone: str | None
    birthday: date | None
    language: str
    delivery: Address | None
    billing: Address | None


def read_profile(session: Session, account: Account) -> Profile:
    """Return what the account knows."""
    return Profile(
        account.first_name,
        account.last_name,
        account.phone,
        account.birthday,
        account.language,
        saved_address(session, account.id, AddressUse.DELIVERY),
        saved_address(session, account.id, AddressUse.BILLING),
    )


def edit_account(session: Session, account: Account, version: int, profile: Profile) -> None:
    """Replace what a locked account knows, if it still is of the version that was shown.

    Raises StaleVersion.
    """
    if account.version != version:
        raise StaleVersion
    if (account.first_name, account.last_name) != (profile.first_name, profile.last_name):
        # A manager who has their colleague's page open is told (UC7.1).
        job = update(Employee).where(Employee.account_id == account.id)
        session.execute(job.values(version=Employee.version + 1))
    account.first_name, account.last_name = profile.first_name, profile.last_name
    account.phone, account.birthday = profile.phone, profile.birthday
    account.language = profile.language
    save_address(session, account, AddressUse.DELIVERY, profile.delivery)
    save_address(session, account, AddressUse.BILLING, profile.billing)


def known_details(session: Session, account_id: int) -> dict[str, Any]:
    """Return what an account knows of its owner's order, by the fields of `Details`."""
    account = session.get_one(Account, account_id)
    known = {
        "contact_name": account.full_name,
        "phone": account.phone,
        "email": account.email,
    }
    if address := saved_address(session, account_id, AddressUse.DELIVERY):
        known |= {
            "street": address.street,
            "complement": address.complement,
            "postcode": address.postcode,
            "town": address.town,
        }
    return known


def choose_language(session: Session, account_id: int, language: str) -> None:
    """Keep a language, by its code, with an account: mail and later visits are in it."""
    session.execute(update(Account).where(Account.id == account_id).values(language=language))


def mark_active(account: Account, now: datetime) -> None:
    """Note that an account is used: the time after which it goes counts from now."""
    account.last_seen_at, account.erasure_announced_at = now, None

"""UC2.1: a customer makes their account with a form."""

from datetime import date

import pytest
from sqlalchemy import func, select

from factories import NOON, PASSWORD, make_account, make_staff
from guessing import check_password
from ocpizza.domain import passwords
from ocpizza.domain.postal_address import Address
from ocpizza.models.account import Account, AddressUse, Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.account.addresses import saved_address
from ocpizza.services.account.create import AccountExists, NewAccount, create_account

OBERKAMPF = Address("12 rue Oberkampf", "75011", "Paris", "3e étage")
JULIA = NewAccount(
    email="julia@example.org",
    password=PASSWORD,
    first_name="Julia",
    last_name="Moreau",
    phone="+33612345678",
    birthday=date(1986, 3, 4),
    delivery=OBERKAMPF,
    language="en",
)


def counted(session) -> tuple[int, int]:
    session.flush()
    return tuple(session.scalar(select(func.count(table.id))) for table in (Account, OutgoingMail))


def test_a_new_account_knows_all_that_was_said(session):
    account = create_account(session, JULIA, NOON)
    assert (account.full_name, account.phone, account.birthday, account.language) == (
        "Julia Moreau",
        "+33612345678",
        date(1986, 3, 4),
        "en",
    )
    assert saved_address(session, account.id, AddressUse.DELIVERY) == OBERKAMPF
    assert account.employee is None
    assert check_password(session, "julia@example.org", PASSWORD) is account


def test_its_address_is_asked_to_be_confirmed(session):
    account = create_account(session, JULIA, NOON)
    assert account.email_verified_at is None
    session.flush()
    mail = session.scalars(select(OutgoingMail)).one()
    assert (mail.kind, mail.recipient, mail.language) == (
        MailKind.EMAIL_CONFIRMATION,
        "julia@example.org",
        "en",
    )


def test_an_address_makes_one_account(session):
    create_account(session, JULIA, NOON)
    before = counted(session)
    with pytest.raises(AccountExists):
        create_account(session, JULIA, NOON)
    assert counted(session) == before


def test_what_a_colleague_signs_in_with_is_taken_too(session, pizzeria):
    make_staff(session, Role.DRIVER, pizzeria.restaurant, identifier="julia@example.org")
    with pytest.raises(AccountExists):
        create_account(session, JULIA, NOON)


def test_an_account_that_exists_costs_the_same_hash(session, monkeypatch):
    make_account(session, email="julia@example.org")
    hashed = []
    monkeypatch.setattr(
        "ocpizza.services.account.create.hash_password",
        lambda password: hashed.append(password) or passwords.hash_password(password),
    )
    with pytest.raises(AccountExists):
        create_account(session, JULIA, NOON)
    assert hashed == [PASSWORD]

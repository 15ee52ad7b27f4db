"""The group's first manager."""

import pytest
from sqlalchemy import func, select

from factories import NOON, make_account
from guessing import check_password
from ocpizza.domain.passwords import WeakPassword, new_password, verify_password
from ocpizza.models.account import Account, Role
from ocpizza.services.account.create_manager import InvalidManager, NewManager, create_manager

PASSWORD = "une pâte bien levée"


def create(session, identifier="Anne", first="Anne", last="Durand", password=PASSWORD) -> Account:
    return create_manager(session, NewManager(identifier, first, last, password), NOON)


def test_they_sign_in_and_manage_every_restaurant(session):
    account = create(session, " Anne.Durand ")
    assert check_password(session, "anne.durand", PASSWORD) is account
    assert account.full_name == "Anne Durand"
    assert account.employee.role is Role.MANAGER
    assert account.employee.restaurant_id is None
    assert account.created_at == NOON


@pytest.mark.parametrize("taken", [{"identifier": "anne"}, {"email": "anne"}], ids=str)
def test_an_identifier_that_somebody_signs_in_with_is_refused(session, taken):
    make_account(session, **taken)
    with pytest.raises(InvalidManager, match="« anne » exists already"):
        create(session, "ANNE")
    assert session.scalar(select(func.count()).select_from(Account)) == 1


@pytest.mark.parametrize("identifier", ["", "   ", "an ne", "an\nne", "an\x00ne", "a" * 255])
def test_an_identifier_that_could_not_be_typed_is_refused(session, identifier):
    with pytest.raises(InvalidManager, match="an identifier has 1 to 254 characters"):
        create(session, identifier)


@pytest.mark.parametrize(("first", "last"), [("", ""), (" ", " "), ("a" * 101, "b")])
def test_a_name_is_needed(session, first, last):
    with pytest.raises(InvalidManager, match="a name is needed"):
        create(session, first=first, last=last)


@pytest.mark.parametrize("password", ["", "onze lettre", "x" * 201])
def test_a_password_too_short_or_too_long_is_refused(session, password):
    with pytest.raises(WeakPassword, match="12 to 200 characters"):
        create(session, password=password)


def test_a_password_that_is_made_for_them_is_theirs_alone_and_works(session):
    made = {new_password() for _ in range(20)}
    assert len(made) == 20
    account = create(session, password=min(made))
    assert verify_password(account.password_hash, min(made))

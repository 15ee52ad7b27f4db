"""C11: who an identifier and a password belong to."""

import pytest

from factories import PASSWORD, make_account, make_staff
from guessing import check_password
from ocpizza.models.account import AccountStatus, Role


def test_staff_sign_in_with_their_identifier(session, pizzeria):
    account = make_staff(session, Role.DRIVER, pizzeria.restaurant, identifier="livreur")
    assert check_password(session, "livreur", PASSWORD) is account


def test_customers_sign_in_with_their_email(session):
    account = make_account(session, email="julia@example.org")
    assert check_password(session, "julia@example.org", PASSWORD) is account


@pytest.mark.parametrize("password", ["", "Quatre-Fromages", PASSWORD + " ", "x" * 200])
def test_a_wrong_password_opens_nothing(session, password):
    make_account(session, email="julia@example.org")
    assert check_password(session, "julia@example.org", password) is None


@pytest.mark.parametrize("identifier", ["", "nobody", "julia@example.com"])
def test_an_unknown_identifier_opens_nothing(session, identifier):
    make_account(session, email="julia@example.org")
    assert check_password(session, identifier, PASSWORD) is None


def test_the_password_that_stands_in_for_nobody_opens_nothing(session):
    assert check_password(session, "nobody", "nobody") is None


def test_an_inactive_account_does_not_open(session):
    make_account(session, email="julia@example.org", status=AccountStatus.INACTIVE)
    assert check_password(session, "julia@example.org", PASSWORD) is None


@pytest.mark.parametrize("kept", [None, "", "plain text"])
def test_an_account_without_a_password_does_not_open(session, kept):
    make_account(session, email="julia@example.org").password_hash = kept
    session.flush()
    assert check_password(session, "julia@example.org", kept or "nobody") is None

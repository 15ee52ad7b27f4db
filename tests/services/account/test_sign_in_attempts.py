"""C11: who an identifier and a password belong to, and how often one may try."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from factories import NOON, PASSWORD, make_account, make_staff
from guessing import AT_HOME, check_password
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.sign_in import SignInAttempt
from ocpizza.services.account.sign_in_attempts import (
    TooManyAttempts,
    begin_attempt,
    end_attempt,
    forget_old_attempts,
    lift_limits,
)

JULIA, ELSEWHERE = "julia@example.org", "198.51.100.9"
SECOND = timedelta(seconds=1)
# Written out: limits taken from the code would agree with whatever that says.
WINDOW, KNOWN_FOR = timedelta(minutes=15), timedelta(days=90)
MAX_PER_PAIR, MAX_PER_IDENTIFIER, MAX_PER_NETWORK = 5, 20, 30


@pytest.fixture
def julia(session):
    return make_account(session, email=JULIA)


def guess_wrong(session, times: int, identifier=JULIA, address=ELSEWHERE, now=NOON) -> None:
    """Wrong tries, without the time that each takes."""
    for number in range(times):
        name = identifier.format(number)
        guess = begin_attempt(session, name, address.format(number), now)
        assert end_attempt(session, guess, right=False) is None


def held_until(session, identifier=JULIA, address=ELSEWHERE, now=NOON):
    """When another try is possible; None if it is now."""
    with session.begin_nested() as trial:
        try:
            begin_attempt(session, identifier, address, now)
        except TooManyAttempts as refused:
            return refused.free_at
        trial.rollback()
    return None


def attempts(session) -> int:
    session.flush()
    return session.scalar(select(func.count(SignInAttempt.id)))


def test_staff_sign_in_with_their_identifier(session, pizzeria):
    account = make_staff(session, Role.DRIVER, pizzeria.restaurant, identifier="livreur")
    assert check_password(session, "livreur", PASSWORD) is account


def test_customers_sign_in_with_their_email(session, julia):
    assert check_password(session, JULIA, PASSWORD) is julia


@pytest.mark.parametrize("password", ["", "Quatre-Fromages", PASSWORD + " ", "x" * 200])
def test_a_wrong_password_opens_nothing(session, julia, password):
    assert check_password(session, JULIA, password) is None


@pytest.mark.parametrize("identifier", ["", "nobody", "julia@example.com"])
def test_an_unknown_identifier_opens_nothing(session, julia, identifier):
    assert check_password(session, identifier, PASSWORD) is None


def test_the_password_that_stands_in_for_nobody_opens_nothing(session):
    assert check_password(session, "nobody", "nobody") is None


def test_an_inactive_account_does_not_open(session):
    make_account(session, email=JULIA, status=AccountStatus.INACTIVE)
    assert check_password(session, JULIA, PASSWORD) is None


@pytest.mark.parametrize("kept", [None, "", "plain text"])
def test_an_account_without_a_password_does_not_open(session, julia, kept):
    julia.password_hash = kept
    session.flush()
    assert check_password(session, JULIA, kept or "nobody") is None


def test_a_password_changed_while_it_was_checked_opens_nothing(session, julia):
    guess = begin_attempt(session, JULIA, AT_HOME, NOON)
    julia.password_hash = "another"
    session.flush()
    assert end_attempt(session, guess, right=True) is None


@pytest.mark.parametrize("identifier", [JULIA, "nobody@example.org"])
@pytest.mark.parametrize(
    ("names", "address", "most"),
    [
        ("{{}}", ELSEWHERE, MAX_PER_PAIR),
        ("{{}}", "198.51.100.{}", MAX_PER_IDENTIFIER),
        ("other{}@example.org", ELSEWHERE, MAX_PER_NETWORK),
    ],
    ids=["identifier and address", "identifier", "address"],
)
def test_too_many_wrong_tries_are_held_back_for_a_while(
    session, julia, identifier, names, address, most
):
    guess_wrong(session, most - 1, names.replace("{{}}", identifier), address)
    assert held_until(session, identifier) is None
    guess_wrong(session, 1, identifier, ELSEWHERE, NOON + SECOND)
    now = NOON + 2 * SECOND
    assert held_until(session, identifier, now=now) == NOON + WINDOW
    assert held_until(session, identifier, now=NOON + WINDOW) is None


def test_what_is_held_back_is_not_counted(session, julia):
    guess_wrong(session, MAX_PER_PAIR)
    for _ in range(50):
        assert held_until(session) == NOON + WINDOW
    assert attempts(session) == MAX_PER_PAIR


def test_the_right_password_forgets_the_wrong_ones_of_the_same_place(session, julia):
    guess_wrong(session, MAX_PER_PAIR - 1)
    assert check_password(session, JULIA, PASSWORD, address=ELSEWHERE) is julia
    assert attempts(session) == 1
    guess_wrong(session, MAX_PER_PAIR - 1)
    assert held_until(session) is None


def test_an_own_account_is_no_way_round_the_limit_of_an_address(session, julia):
    make_account(session, email="thief@example.org")
    guess_wrong(session, MAX_PER_NETWORK - 1, "victim{}@example.org")
    assert check_password(session, "thief@example.org", PASSWORD, address=ELSEWHERE)
    guess_wrong(session, 1, "another@example.org")
    assert held_until(session) == NOON + WINDOW


def test_a_stranger_does_not_lock_the_owner_out_where_they_have_signed_in(session, julia):
    check_password(session, JULIA, PASSWORD, address=AT_HOME)
    guess_wrong(session, MAX_PER_IDENTIFIER, address="198.51.100.{}")
    assert held_until(session, address="203.0.113.5") is not None
    assert held_until(session, address=AT_HOME) is None
    guess_wrong(session, MAX_PER_PAIR, address=AT_HOME)
    assert held_until(session, address=AT_HOME) is not None


@pytest.mark.parametrize(("after", "known"), [(KNOWN_FOR - SECOND, True), (KNOWN_FOR, False)])
def test_nobody_is_known_for_ever(session, julia, after, known):
    check_password(session, JULIA, PASSWORD, address=AT_HOME)
    later = NOON + after
    guess_wrong(session, MAX_PER_IDENTIFIER, address="198.51.100.{}", now=later)
    assert (held_until(session, address=AT_HOME, now=later) is None) is known


def test_the_owner_who_opened_the_link_of_their_mail_is_held_back_by_nobody(session, julia):
    guess_wrong(session, MAX_PER_IDENTIFIER, address="198.51.100.{}")
    lift_limits(session, julia, AT_HOME, NOON)
    guess_wrong(session, MAX_PER_IDENTIFIER, address="198.51.100.{}")
    assert held_until(session, address="203.0.113.5") is not None
    assert held_until(session, address=AT_HOME) is None


def test_what_counts_no_more_is_deleted(session, julia):
    check_password(session, JULIA, PASSWORD, address=AT_HOME)
    guess_wrong(session, 2)
    assert forget_old_attempts(session, NOON + WINDOW) == 0
    assert forget_old_attempts(session, NOON + WINDOW + SECOND) == 2
    assert forget_old_attempts(session, NOON + KNOWN_FOR) == 0
    assert forget_old_attempts(session, NOON + KNOWN_FOR + SECOND) == 1


def test_identifiers_are_not_kept_in_clear(session, julia):
    guess_wrong(session, 1)
    kept = session.scalars(select(SignInAttempt)).one()
    assert len(kept.identifier_sha256) == 64
    assert "julia" not in kept.identifier_sha256

"""The owner who cannot get in any more is let in again from the command line."""

import pytest
from sqlalchemy import select

from factories import NOON, make_account, make_staff
from guessing import check_password
from ocpizza.domain.passwords import WeakPassword
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.account.create_manager import InvalidManager
from ocpizza.services.account.reset_manager import reset_manager
from ocpizza.services.account.sign_in_attempts import MAX_PER_PAIR, TooManyAttempts
from ocpizza.services.account.sign_in_sessions import begin_session, find_session

PASSWORD = "une pâte bien levée"


@pytest.fixture
def owner(session):
    return make_staff(session, Role.MANAGER, identifier="la.direction")


@pytest.mark.parametrize("typed", ["la.direction", " LA.Direction "])
def test_a_deactivated_owner_signs_in_with_the_new_password(session, owner, typed):
    signed_in = begin_session(session, owner, NOON)
    owner.status = AccountStatus.INACTIVE
    session.flush()
    assert reset_manager(session, typed, PASSWORD, NOON) is owner
    assert find_session(session, signed_in) is None
    assert check_password(session, "la.direction", PASSWORD) is owner


def test_who_tried_too_often_needs_not_wait(session, owner):
    for _ in range(MAX_PER_PAIR):
        check_password(session, "la.direction", "faux")
    with pytest.raises(TooManyAttempts):
        check_password(session, "la.direction", "faux")
    reset_manager(session, "la.direction", PASSWORD, NOON)
    assert check_password(session, "la.direction", PASSWORD) is owner


def test_it_is_in_the_trail_by_nobody_without_the_password(session, owner):
    owner.status = AccountStatus.INACTIVE
    session.flush()
    reset_manager(session, "la.direction", PASSWORD, NOON)
    (written,) = session.scalars(select(StaffChange))
    assert (written.author_id, written.account_id, written.restaurant_id) == (None, owner.id, None)
    after = {"account_active": True, "renewed": True, "second_factor": False}
    assert written.facts_after == after


@pytest.mark.parametrize("who", ["", "personne", "cliente@example.org", "caisse", "chef"])
def test_nobody_but_a_manager_of_the_group_is_let_in(session, pizzeria, owner, who):
    make_account(session, email="cliente@example.org")
    make_staff(session, Role.CASHIER, pizzeria.restaurant, identifier="caisse")
    make_staff(session, Role.MANAGER, pizzeria.restaurant, identifier="chef")
    with pytest.raises(InvalidManager, match="no manager of the group signs in with"):
        reset_manager(session, who, PASSWORD, NOON)


def test_a_weak_password_is_refused(session, owner):
    kept = owner.password_hash
    for weak in ("court", "la.direction"):
        with pytest.raises(WeakPassword):
            reset_manager(session, "la.direction", weak, NOON)
    assert owner.password_hash == kept

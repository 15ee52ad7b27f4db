"""A restored database asks beside the password for what the replaced one asked for."""

import pytest
from sqlalchemy import select

from factories import KEY, NOON, make_restaurant, make_staff
from ocpizza.models.account import Role
from ocpizza.models.second_factor import HalfSignIn, RecoveryCode, SecondFactor
from ocpizza.services.account.end_again import Usable, end_others, usable
from ocpizza.services.account.half_sign_in import begin_half_sign_in
from ocpizza.services.account.quick_codes import has_code, set_quick_code
from ocpizza.services.account.second_factor import (
    drop_second_factor,
    find_second_factor,
    recovery_codes_left,
    renew_recovery_codes,
)

OTHER = "A" * 32


@pytest.fixture
def direction(session):
    return make_staff(session, Role.MANAGER)


def test_a_lost_telephone_and_used_codes_stay_lost_and_used(session, direction):
    renew_recovery_codes(session, direction.id)
    used = session.scalars(select(RecoveryCode)).first()
    session.delete(used)
    session.flush()
    newest = usable(session)
    # As the archive has it: another application, and every code.
    find_second_factor(session, direction.id).key = OTHER
    session.add(RecoveryCode(account_id=direction.id, sha256=used.sha256))
    session.flush()
    end_others(session, newest, NOON)
    assert find_second_factor(session, direction.id).key == KEY
    assert recovery_codes_left(session, direction.id) == 9
    assert used.sha256 not in session.scalars(select(RecoveryCode.sha256)).all()


def test_what_was_removed_since_does_not_come_back(session):
    manager = make_staff(session, Role.MANAGER, make_restaurant(session))
    newest = usable(session)
    session.add(SecondFactor(account_id=manager.id, key=KEY, last_step=0, enrolled_at=NOON))
    session.flush()
    end_others(session, newest, NOON)
    assert find_second_factor(session, manager.id) is None


def test_what_was_set_up_since_is_asked_for(session, direction):
    newest = usable(session)
    drop_second_factor(session, direction.id)
    end_others(session, newest, NOON)
    assert find_second_factor(session, direction.id).key == KEY


@pytest.mark.parametrize("known", [Usable(), "of before"])
def test_a_replaced_database_that_tells_nothing_takes_nothing_away(session, direction, known):
    end_others(session, usable(session, factors=False) if known == "of before" else known, NOON)
    assert find_second_factor(session, direction.id).key == KEY


def test_quick_codes_that_were_removed_or_changed_since_open_nothing(session):
    restaurant = make_restaurant(session)
    one, other, third = (make_staff(session, Role.PIZZAIOLO, restaurant) for _ in range(3))
    for account in (one, other):
        set_quick_code(session, account, "4725", NOON)
    newest = usable(session)
    # As the archive has them.
    set_quick_code(session, other, "8306", NOON)
    set_quick_code(session, third, "4725", NOON)
    end_others(session, newest, NOON)
    assert [has_code(session, each.id) for each in (one, other, third)] == [True, False, False]


@pytest.mark.parametrize("known", [Usable(), "of before"])
def test_a_replaced_database_that_knows_no_quick_codes_leaves_them(session, known):
    cook = make_staff(session, Role.PIZZAIOLO, make_restaurant(session))
    set_quick_code(session, cook, "4725", NOON)
    end_others(session, usable(session, codes=False) if known == "of before" else known, NOON)
    assert has_code(session, cook.id)


def test_nobody_goes_on_with_a_sign_in_of_then(session, direction):
    begin_half_sign_in(session, direction, None, NOON)
    end_others(session, usable(session), NOON)
    assert session.scalars(select(HalfSignIn)).all() == []

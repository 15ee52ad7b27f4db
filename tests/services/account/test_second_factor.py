"""C11: what is asked for beside a password; how it is set up, used up, and taken away."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from factories import KEY, NOON, make_account, make_restaurant, make_staff
from ocpizza.domain.totp import code_of, step_at
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.second_factor import HalfSignIn, RecoveryCode, SecondFactor
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.account.half_sign_in import (
    LASTS,
    HalfGone,
    WrongCode,
    begin_half_sign_in,
    complete_sign_in,
    find_half_sign_in,
    forget_half_sign_ins,
)
from ocpizza.services.account.quick_codes import has_code, set_quick_code
from ocpizza.services.account.second_factor import (
    SecondFactorRequired,
    find_second_factor,
    is_asked,
    recovery_codes_left,
    remove_second_factor,
    renew_recovery_codes,
)
from ocpizza.services.account.sign_in_sessions import begin_session, find_session
from ocpizza.services.privacy.export import export_text

STEP = timedelta(seconds=30)


@pytest.fixture
def direction(session):
    return make_staff(session, Role.MANAGER, identifier="la.direction")


@pytest.fixture
def manager(session):
    return make_staff(session, Role.MANAGER, make_restaurant(session))


def code(key=KEY, late=0):
    return code_of(key, step_at(NOON) + late)


def enrolled(session, account, now=NOON):
    """Whoever is given a key, takes it and shows it; gives the key and the recovery codes."""
    token = begin_half_sign_in(session, account, None, now, anew=True)
    key = find_half_sign_in(session, token, now)[0].key
    done = complete_sign_in(session, token, code_of(key, step_at(now)), now)
    return key, done.recovery_codes


def sign_in_by(session, account, typed, now=NOON):
    token = begin_half_sign_in(session, account, "/equipe", now)
    return complete_sign_in(session, token, typed, now)


def test_who_manages_the_group_is_asked_and_others_only_if_they_wish(session, direction, manager):
    session.delete(find_second_factor(session, direction.id))
    session.flush()
    assert is_asked(session, direction)
    assert not is_asked(session, manager)
    assert not is_asked(session, make_account(session))
    enrolled(session, manager)
    assert is_asked(session, manager)


def test_four_digits_of_before_do_not_come_back_when_it_is_removed(session, manager):
    set_quick_code(session, manager, "4725", NOON)
    enrolled(session, manager)
    assert remove_second_factor(session, manager.id, NOON)
    assert not has_code(session, manager.id)


def test_a_code_lets_in_once_and_no_older_one_after_it(session, direction):
    done = sign_in_by(session, direction, code())
    assert (done.account, done.next_path, list(done.recovery_codes)) == (direction, "/equipe", [])
    for late in (-1, 0):
        with pytest.raises(WrongCode):
            sign_in_by(session, direction, code(late=late))
    sign_in_by(session, direction, code(late=1))


@pytest.mark.parametrize("typed", ["", "000000", "null", "A" * 12, "1" * 5000])
def test_a_wrong_code_lets_nobody_in_and_may_be_followed_by_a_right_one(session, direction, typed):
    token = begin_half_sign_in(session, direction, None, NOON)
    with pytest.raises(WrongCode):
        complete_sign_in(session, token, typed, NOON)
    assert complete_sign_in(session, token, f" {code()[:3]} {code()[3:]} ", NOON)


def test_a_key_is_shown_before_it_opens_anything(session, manager):
    token = begin_half_sign_in(session, manager, None, NOON, anew=True)
    key = find_half_sign_in(session, token, NOON)[0].key
    with pytest.raises(WrongCode):
        complete_sign_in(session, token, code(), NOON)
    assert find_second_factor(session, manager.id) is None
    done = complete_sign_in(session, token, code(key), NOON)
    assert len(done.recovery_codes) == recovery_codes_left(session, manager.id) == 10
    with pytest.raises(WrongCode):
        sign_in_by(session, manager, code(key))


def test_each_sign_in_without_one_is_given_a_key_of_its_own(session, direction):
    session.delete(find_second_factor(session, direction.id))
    session.flush()
    tokens = [begin_half_sign_in(session, direction, None, NOON) for _ in range(3)]
    keys = [find_half_sign_in(session, token, NOON)[0].key for token in tokens]
    assert len(set(keys)) == 3
    complete_sign_in(session, tokens[1], code(keys[1]), NOON)
    # Whoever had been shown another one, knowing the password, does not come in by it.
    for token, key in zip(tokens, keys, strict=True):
        with pytest.raises(HalfGone):
            complete_sign_in(session, token, code(key, 1), NOON)


def test_setting_one_up_ends_every_session_and_the_application_of_before(session, direction):
    before = begin_session(session, direction, NOON, two_factors=True)
    enrolled(session, direction)
    assert find_session(session, before) is None
    with pytest.raises(WrongCode):
        sign_in_by(session, direction, code())


def test_a_recovery_code_lets_in_once(session, manager):
    _key, codes = enrolled(session, manager)
    assert sign_in_by(session, manager, codes[3].lower()).by_recovery_code
    with pytest.raises(WrongCode):
        sign_in_by(session, manager, codes[3])
    assert recovery_codes_left(session, manager.id) == 9
    sign_in_by(session, manager, codes[4])


def test_nobody_comes_in_by_the_recovery_code_of_another(session, manager, direction):
    _key, codes = enrolled(session, manager)
    with pytest.raises(WrongCode):
        sign_in_by(session, direction, codes[0])


def test_new_recovery_codes_take_the_place_of_the_old(session, manager):
    assert renew_recovery_codes(session, manager.id) is None
    _key, codes = enrolled(session, manager)
    renewed = renew_recovery_codes(session, manager.id)
    with pytest.raises(WrongCode):
        sign_in_by(session, manager, codes[0])
    assert sign_in_by(session, manager, renewed[0]).by_recovery_code


def test_neither_key_nor_codes_of_recovery_are_kept_in_the_clear(session, manager):
    _key, codes = enrolled(session, manager)
    kept = session.scalars(select(RecoveryCode.sha256)).all()
    assert len(kept) == 10
    assert not any(each.replace("-", "") in "".join(kept) for each in codes)


def test_it_takes_too_long_or_the_account_changes_and_the_password_is_asked_again(
    session, direction
):
    token = begin_half_sign_in(session, direction, None, NOON)
    with pytest.raises(HalfGone):
        complete_sign_in(session, token, code_of(KEY, step_at(NOON + LASTS)), NOON + LASTS)
    direction.session_version += 1
    session.flush()
    with pytest.raises(HalfGone):
        complete_sign_in(session, token, code(), NOON)
    token = begin_half_sign_in(session, direction, None, NOON)
    direction.status = AccountStatus.INACTIVE
    session.flush()
    with pytest.raises(HalfGone):
        complete_sign_in(session, token, code(), NOON)
    with pytest.raises(HalfGone):
        complete_sign_in(session, "x" * 43, code(), NOON)


def test_half_sign_ins_that_have_ended_are_forgotten(session, direction):
    for at in (NOON, NOON + STEP):
        begin_half_sign_in(session, direction, None, at)
    assert forget_half_sign_ins(session, NOON + LASTS) == 1
    assert session.scalar(select(func.count()).select_from(HalfSignIn)) == 1


def test_a_manager_may_remove_theirs_and_the_groups_may_not(session, manager, direction):
    enrolled(session, manager)
    assert remove_second_factor(session, manager.id, NOON)
    assert not remove_second_factor(session, manager.id, NOON)
    assert not is_asked(session, manager)
    with pytest.raises(SecondFactorRequired):
        remove_second_factor(session, direction.id, NOON)
    assert find_second_factor(session, direction.id) is not None


def test_the_trail_says_that_it_was_set_up_or_removed_and_nothing_of_it(session, manager):
    key, codes = enrolled(session, manager)
    remove_second_factor(session, manager.id, NOON)
    written = session.scalars(select(StaffChange).order_by(StaffChange.id)).all()
    assert [(each.facts_before, each.facts_after) for each in written] == [
        ({"second_factor": False}, {"second_factor": True}),
        ({"second_factor": True}, {"second_factor": False}),
    ]
    assert {(each.author_id, each.account_id) for each in written} == {(manager.id, manager.id)}
    exported = "".join(export_text(session, manager, NOON))
    assert not any(secret in exported for secret in (key, *codes))


def test_whose_it_is_is_told_by_mail_without_a_secret(session, manager):
    manager.email = "claire@example.org"
    key, codes = enrolled(session, manager)
    remove_second_factor(session, manager.id, NOON)
    told = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)).all()
    assert [(mail.kind, mail.recipient) for mail in told] == [
        (MailKind.SECOND_FACTOR_SET, "claire@example.org"),
        (MailKind.SECOND_FACTOR_REMOVED, "claire@example.org"),
    ]
    said = "".join(str((mail.values, mail.dedupe_key)) for mail in told)
    assert not any(secret in said for secret in (key, *codes))


def test_set_up_anew_it_is_told_again(session, direction):
    enrolled(session, direction)
    (written,) = session.scalars(select(StaffChange)).all()
    assert written.facts_after == {"second_factor": True}
    assert session.scalar(select(func.count()).select_from(SecondFactor)) == 1

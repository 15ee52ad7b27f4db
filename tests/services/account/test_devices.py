"""Shared devices: who was there today takes their place again with four digits."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select

from factories import NOON, make_account, make_restaurant, make_staff
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.device import Device, DevicePerson, QuickCode
from ocpizza.models.second_factor import SecondFactor
from ocpizza.services.account import devices, quick_codes
from ocpizza.services.account.devices import (
    MAX_WRONG_CODES,
    arrive,
    forget_devices,
    is_shared,
    people_at,
)
from ocpizza.services.account.quick_codes import (
    NoQuickCode,
    SwitchRefused,
    begin_switch,
    drop_quick_code,
    end_switch,
    set_quick_code,
)

CODE = "4725"
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _quick_hash(monkeypatch):
    monkeypatch.setattr(quick_codes, "hash_password", lambda code: f"hash of {code}")


@pytest.fixture
def restaurant(session):
    return make_restaurant(session)


@pytest.fixture
def cook(session, restaurant):
    cook = make_staff(session, Role.PIZZAIOLO, restaurant, first_name="Zoé")
    set_quick_code(session, cook, CODE, NOON)
    return cook


@pytest.fixture
def tablet(session, cook):
    """The secret of a device where the cook has signed in."""
    return arrive(session, None, cook, None, NOON).secret


def names(session, secret, now=NOON):
    return [one.first_name for one in people_at(session, secret, now)]


def switch(session, secret, account, now=NOON):
    code_hash = begin_switch(session, secret, account.id, now)
    return end_switch(session, secret, account.id, code_hash, now)


@pytest.mark.parametrize(
    ("role", "shared"),
    [
        (Role.CASHIER, True),
        (Role.PIZZAIOLO, True),
        (Role.MANAGER, True),
        (Role.DRIVER, False),
    ],
)
def test_a_device_is_what_is_said_of_it_or_usual_for_the_job(session, restaurant, role, shared):
    who = make_staff(session, role, restaurant)
    assert arrive(session, None, who, None, NOON).shared is shared
    secret = arrive(session, None, who, not shared, NOON).secret
    assert is_shared(session, secret, NOON) is not shared
    # It stays so for whoever comes next.
    other = make_staff(session, Role.CASHIER, restaurant)
    assert arrive(session, secret, other, None, NOON) == devices.Arrival(not shared, None)


def test_a_tablet_at_which_a_driver_was_first_is_shared_by_those_who_follow(session, restaurant):
    driver, other = (make_staff(session, Role.DRIVER, restaurant) for _ in range(2))
    secret = arrive(session, None, driver, None, NOON).secret
    assert arrive(session, secret, other, None, NOON).shared is False
    cashier = make_staff(session, Role.CASHIER, restaurant)
    assert arrive(session, secret, cashier, None, NOON).shared is True
    # What one says of it counts, whoever was there.
    assert arrive(session, secret, cashier, False, NOON).shared is False
    assert arrive(session, secret, cashier, None, NOON).shared is False


def test_who_was_there_today_takes_their_place(session, tablet, cook):
    assert names(session, tablet) == ["Zoé"]
    assert switch(session, tablet, cook) is cook
    assert switch(session, tablet, cook) is cook


@pytest.mark.parametrize("secret", [None, "", "x" * 43, "null"])
def test_a_device_that_is_not_known_lets_nobody_in(session, tablet, cook, secret):
    assert names(session, secret) == []
    with pytest.raises(SwitchRefused):
        begin_switch(session, secret, cook.id, NOON)
    with pytest.raises(SwitchRefused):
        end_switch(session, secret, cook.id, "hash of 4725", NOON)


def test_it_ends_with_the_business_day(session, tablet, cook):
    # NOON is midday in Paris: the day ends at six the next morning.
    assert names(session, tablet, NOON + 17 * HOUR + HOUR / 2) == ["Zoé"]
    assert names(session, tablet, NOON + 18 * HOUR) == []
    assert forget_devices(session, NOON + 17 * HOUR) == 0
    assert forget_devices(session, NOON + 18 * HOUR) == 1
    assert session.scalar(select(func.count()).select_from(DevicePerson)) == 0


def test_five_wrong_codes_and_the_password_is_asked_for(session, tablet, cook):
    for _ in range(MAX_WRONG_CODES):
        begin_switch(session, tablet, cook.id, NOON)
    with pytest.raises(SwitchRefused):
        begin_switch(session, tablet, cook.id, NOON)
    assert names(session, tablet) == []
    # On another device they are still welcome, and here again after the password.
    other = arrive(session, None, cook, None, NOON).secret
    assert switch(session, other, cook) is cook
    arrive(session, tablet, cook, None, NOON)
    assert switch(session, tablet, cook) is cook


def test_a_right_code_leaves_no_more_guesses_to_others(session, tablet, cook):
    for _wrong in range(MAX_WRONG_CODES - 1):
        begin_switch(session, tablet, cook.id, NOON)
        for _right in range(3):
            switch(session, tablet, cook)
    begin_switch(session, tablet, cook.id, NOON)
    with pytest.raises(SwitchRefused):
        begin_switch(session, tablet, cook.id, NOON)


def test_a_code_that_goes_as_it_is_typed_lets_nobody_in(session, tablet, cook, monkeypatch):
    known = people_at(session, tablet, NOON)
    monkeypatch.setattr(quick_codes, "people_at", lambda *_: known)
    drop_quick_code(session, cook.id)
    session.expire_all()
    with pytest.raises(SwitchRefused):
        begin_switch(session, tablet, cook.id, NOON)


def deactivated(session, cook):
    cook.status = AccountStatus.INACTIVE


def signed_out_everywhere(session, cook):
    cook.session_version += 1


def given_a_second_factor(session, cook):
    values = {"key": "A" * 32, "last_step": 0, "enrolled_at": NOON}
    session.add(SecondFactor(account_id=cook.id, **values))


def raised_to_the_group(session, cook):
    cook.employee.role, cook.employee.restaurant_id = Role.MANAGER, None


def without_a_code(session, cook):
    drop_quick_code(session, cook.id)


def with_another_code(session, cook):
    set_quick_code(session, cook, "8306", NOON)


def dismissed(session, cook):
    session.delete(cook.employee)


def not_shared_any_more(session, cook):
    session.scalars(select(Device)).one().shared = False


def gone_from_the_device(session, cook):
    session.execute(delete(DevicePerson))


OUT = (
    deactivated,
    signed_out_everywhere,
    given_a_second_factor,
    raised_to_the_group,
    without_a_code,
    dismissed,
    not_shared_any_more,
    gone_from_the_device,
)


@pytest.mark.parametrize("act", [*OUT, with_another_code])
def test_what_changes_while_the_code_is_looked_at_counts(session, tablet, cook, act):
    code_hash = begin_switch(session, tablet, cook.id, NOON)
    act(session, cook)
    session.flush()
    session.expire_all()
    with pytest.raises(SwitchRefused):
        end_switch(session, tablet, cook.id, code_hash, NOON)


@pytest.mark.parametrize("act", OUT)
def test_whoever_may_not_is_not_even_named(session, tablet, cook, act):
    act(session, cook)
    session.flush()
    session.expire_all()
    assert names(session, tablet) == []
    with pytest.raises(SwitchRefused):
        begin_switch(session, tablet, cook.id, NOON)


def test_a_colleague_who_was_not_there_today_does_not_take_a_place(session, restaurant, tablet):
    other = make_staff(session, Role.CASHIER, restaurant)
    set_quick_code(session, other, CODE, NOON)
    with pytest.raises(SwitchRefused):
        begin_switch(session, tablet, other.id, NOON)


def test_who_always_signs_in_with_all_they_have_gets_no_code(session, cook):
    for who in (make_staff(session, Role.MANAGER), make_account(session)):
        with pytest.raises(NoQuickCode):
            set_quick_code(session, who, CODE, NOON)
    given_a_second_factor(session, cook)
    session.flush()
    with pytest.raises(NoQuickCode):
        set_quick_code(session, cook, CODE, NOON)


def test_the_secret_and_the_code_are_not_kept(session, tablet, cook):
    kept = session.scalars(select(Device.sha256)).one()
    assert tablet not in kept
    assert session.get(QuickCode, cook.id).code_hash != CODE

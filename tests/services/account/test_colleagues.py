"""UC7.1: what managers may do to the accounts of their staff, and what becomes of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, author_of, make_account, make_branch, make_staff, order_of
from guessing import check_password
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.staff_change import Act, StaffChange
from ocpizza.services.account.add_colleague import (
    IdentifierTaken,
    Namesake,
    NewColleague,
    add_colleague,
)
from ocpizza.services.account.change_colleague import (
    Draft,
    OrdersInHand,
    Shown,
    change_colleague,
    delete_colleague,
    give_password,
    switch_colleague,
)
from ocpizza.services.account.edit import edit_account, read_profile
from ocpizza.services.account.managing import (
    ColleagueGone,
    LastGroupManager,
    NotManaged,
    OwnAccount,
    Place,
)
from ocpizza.services.account.sign_in_sessions import begin_session, find_session
from ocpizza.services.privacy.retention import erase_unused_accounts
from ocpizza.services.trail.record import Signature

NETWORK = "192.0.2.0"
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def branch(session, pizzeria):
    return make_branch(session, pizzeria, code="city_002")


@pytest.fixture
def chief(session, pizzeria):
    return make_staff(session, Role.MANAGER, pizzeria.restaurant)


@pytest.fixture
def director(session):
    return make_staff(session, Role.MANAGER)


@pytest.fixture
def ana(session, pizzeria):
    names = {"identifier": "ana", "first_name": "Ana", "last_name": "Muñoz"}
    return make_staff(session, Role.CASHIER, pizzeria.restaurant, **names)


def by(account: Account) -> Signature:
    return Signature(author_of(account), LATER)


def shown(account: Account) -> Shown:
    return Shown(account.id, account.employee.version)


def new(pizzeria, role=Role.DRIVER, **values) -> NewColleague:
    place = Place(role, pizzeria.restaurant.id if pizzeria else None)
    return NewColleague(**{"first_name": "Zoé", "last_name": "Lœb", "place": place} | values)


def draft(account: Account, **values) -> Draft:
    place = Place(account.employee.role, account.employee.restaurant_id)
    names = {"first_name": account.first_name, "last_name": account.last_name}
    return Draft(**names | {"place": place} | values)


def trail(session) -> list[StaffChange]:
    return list(session.scalars(select(StaffChange).order_by(StaffChange.id)))


def test_who_is_added_signs_in_with_what_is_issued_once(session, pizzeria, chief):
    issued = add_colleague(session, by(chief), new(pizzeria))
    assert issued.account.identifier == "zoe.loeb"
    assert check_password(session, "zoe.loeb", issued.password) is issued.account
    assert issued.account.employee.role is Role.DRIVER
    assert issued.password not in repr(issued)
    (written,) = trail(session)
    assert (written.act, written.author_id, written.account_id) == (
        Act.ADDED,
        chief.id,
        issued.account.id,
    )
    assert written.restaurant_id == pizzeria.restaurant.id
    assert issued.password not in str(written.facts_after)


def test_a_made_identifier_is_nobody_elses(session, pizzeria, branch, director):
    for pizzas in (pizzeria, branch):
        add_colleague(session, by(director), new(pizzas))
    make_account(session, email="zoe.loeb3")
    session.flush()
    third = add_colleague(session, by(director), new(None, Role.MANAGER))
    assert third.account.identifier == "zoe.loeb4"


@pytest.mark.parametrize("names", [("Zoé", "Lœb"), ("ZOE", " loeb ")])
def test_the_same_form_again_makes_nobody_twice(session, pizzeria, chief, names):
    first = add_colleague(session, by(chief), new(pizzeria))
    again = new(pizzeria, first_name=names[0], last_name=names[1])
    with pytest.raises(Namesake) as refused:
        add_colleague(session, by(chief), again)
    assert refused.value.account is first.account


def test_a_namesake_has_an_identifier_of_their_own(session, pizzeria, chief):
    add_colleague(session, by(chief), new(pizzeria))
    second = add_colleague(session, by(chief), new(pizzeria, identifier="zoe"))
    assert second.account.identifier == "zoe"


def test_an_identifier_that_somebody_has_is_refused(session, pizzeria, chief, ana):
    with pytest.raises(IdentifierTaken):
        add_colleague(session, by(chief), new(pizzeria, identifier="ana"))
    assert trail(session) == []


def test_nobody_gives_rights_above_their_own(session, pizzeria, branch, chief, ana):
    here = pizzeria.restaurant.id
    for place in (
        Place(Role.MANAGER, None),
        Place(Role.CASHIER, branch.restaurant.id),
        Place(Role.CASHIER, None),
    ):
        with pytest.raises(NotManaged):
            add_colleague(session, by(chief), new(pizzeria, place=place))
        with pytest.raises(NotManaged):
            change_colleague(session, by(chief), shown(ana), draft(ana, place=place))
    assert (ana.employee.role, ana.employee.restaurant_id) == (Role.CASHIER, here)


@pytest.mark.parametrize("role", [Role.CASHIER, Role.PIZZAIOLO, Role.DRIVER])
def test_who_is_no_manager_does_nothing(session, pizzeria, ana, role):
    somebody = make_staff(session, role, pizzeria.restaurant)
    for act in every_act(session, somebody, ana):
        with pytest.raises(NotManaged):
            act()


def test_a_restaurants_manager_touches_neither_the_groups_nor_anothers_staff(
    session, branch, chief, director
):
    far = make_staff(session, Role.DRIVER, branch.restaurant)
    for colleague in (director, far):
        for act in every_act(session, chief, colleague):
            with pytest.raises(NotManaged):
                act()
    assert trail(session) == []


def every_act(session, manager: Account, colleague: Account):
    whom, signed = shown(colleague), by(manager)
    return (
        lambda: change_colleague(session, signed, whom, draft(colleague, first_name="X")),
        lambda: give_password(session, signed, whom, NETWORK),
        lambda: switch_colleague(session, signed, whom, active=False),
        lambda: delete_colleague(session, signed, whom),
    )


def test_whoever_was_deactivated_meanwhile_does_nothing(session, chief, ana):
    signed = by(chief)
    chief.status = AccountStatus.INACTIVE
    session.flush()
    with pytest.raises(NotManaged):
        switch_colleague(session, signed, shown(ana), active=False)


def test_what_changes_of_somebody_is_told_before_and_after(
    session, pizzeria, branch, director, ana
):
    place = Place(Role.DRIVER, branch.restaurant.id)
    change_colleague(session, by(director), shown(ana), draft(ana, first_name="Anna", place=place))
    assert (ana.first_name, ana.employee.role) == ("Anna", Role.DRIVER)
    places = [written.restaurant_id for written in trail(session)]
    assert places == [pizzeria.restaurant.id, branch.restaurant.id]
    told = trail(session)[0]
    before = {"first_name": "Ana", "role": "cashier", "restaurant": pizzeria.restaurant.name}
    after = {"first_name": "Anna", "role": "driver", "restaurant": branch.restaurant.name}
    assert (told.facts_before, told.facts_after) == (before, after)


def test_nothing_is_written_over_what_somebody_else_wrote(session, chief, ana):
    old = shown(ana)
    change_colleague(session, by(chief), old, draft(ana, first_name="Anna"))
    for act in (
        lambda: change_colleague(session, by(chief), old, draft(ana, first_name="X")),
        lambda: give_password(session, by(chief), old, NETWORK),
        lambda: switch_colleague(session, by(chief), old, active=False),
        lambda: delete_colleague(session, by(chief), old),
    ):
        with pytest.raises(StaleVersion):
            act()
    assert ana.first_name == "Anna"


def test_a_name_that_its_owner_changed_is_not_written_over(session, chief, ana):
    old, profile = shown(ana), read_profile(session, ana)
    edit_account(session, ana, ana.version, replace(profile, first_name="Anna"))
    with pytest.raises(StaleVersion):
        change_colleague(session, by(chief), old, draft(ana, first_name="X"))


def test_a_new_password_ends_the_old_one_and_every_session(session, chief, ana):
    signed_in = begin_session(session, ana, NOON)
    session.flush()
    issued = give_password(session, by(chief), shown(ana), NETWORK)
    assert find_session(session, signed_in) is None
    assert check_password(session, "ana", issued.password) is ana
    (written,) = trail(session)
    assert written.facts_after == {"renewed": True}


def test_who_is_deactivated_is_out_until_they_are_let_in_again(session, chief, ana):
    signed_in = begin_session(session, ana, NOON)
    session.flush()
    switch_colleague(session, by(chief), shown(ana), active=False)
    assert find_session(session, signed_in) is None
    assert ana.status is AccountStatus.INACTIVE
    switch_colleague(session, by(chief), shown(ana), active=True)
    assert ana.status is AccountStatus.ACTIVE
    assert find_session(session, signed_in) is None
    told = [written.facts_after for written in trail(session)]
    assert told == [{"account_active": False}, {"account_active": True}]


def test_who_carries_an_order_is_named_and_not_deleted(session, pizzeria, chief):
    driver = make_staff(session, Role.DRIVER, pizzeria.restaurant)
    order = order_of(session, pizzeria, status=Status.OUT_FOR_DELIVERY)
    order.driver_id = driver.id
    session.flush()
    with pytest.raises(OrdersInHand) as refused:
        delete_colleague(session, by(chief), shown(driver))
    assert refused.value.numbers == [order.number]
    _, numbers = switch_colleague(session, by(chief), shown(driver), active=False)
    assert numbers == [order.number]


def test_who_made_an_order_that_is_ready_has_nothing_in_hand(session, pizzeria, chief):
    order = order_of(session, pizzeria, status=Status.READY)
    cook = session.get_one(Account, order.pizzaiolo_id)
    assert cook.employee.role is Role.PIZZAIOLO
    delete_colleague(session, by(chief), shown(cook))
    assert session.get_one(Order, order.id).pizzaiolo is cook


def test_who_is_deleted_is_out_and_their_orders_keep_their_name(session, pizzeria, chief):
    driver = make_staff(
        session, Role.DRIVER, pizzeria.restaurant, identifier="ali", first_name="Ali"
    )
    order = order_of(session, pizzeria, status=Status.DELIVERED)
    order.driver_id = driver.id
    signed_in = begin_session(session, driver, NOON)
    session.flush()
    delete_colleague(session, by(chief), shown(driver))
    session.expire_all()
    assert find_session(session, signed_in) is None
    assert session.get(Employee, driver.id) is None
    assert (driver.identifier, driver.password_hash) == (None, None)
    assert driver.status is AccountStatus.INACTIVE
    assert session.get_one(Order, order.id).driver.full_name == "Ali Lombard"
    (written,) = trail(session)
    assert (written.act, written.facts_before["identifier"]) == (Act.DELETED, "ali")
    again = add_colleague(session, by(chief), new(pizzeria, identifier="ali"))
    assert again.account.id != driver.id


def test_a_deleted_name_goes_when_nobody_needs_it_any_more(session, pizzeria, chief, ana):
    ana.created_at = NOON - timedelta(days=4000)
    session.flush()
    delete_colleague(session, by(chief), shown(ana))
    session.flush()
    for days, name in ((1094, "Ana"), (1096, "")):
        erase_unused_accounts(session, LATER + timedelta(days=days), 1095)
        session.expire_all()
        assert ana.first_name == name
    (written,) = trail(session)
    assert (written.facts_before, written.author_id) == (None, chief.id)


def test_who_is_gone_is_said_to_be(session, chief, ana):
    old = shown(ana)
    delete_colleague(session, by(chief), old)
    with pytest.raises(ColleagueGone):
        switch_colleague(session, by(chief), old, active=True)


def test_the_last_active_manager_of_the_group_stays(session, pizzeria, director):
    idle = make_staff(session, Role.MANAGER)
    idle.status = AccountStatus.INACTIVE
    session.flush()
    lower = draft(director, place=Place(Role.MANAGER, pizzeria.restaurant.id))
    for act in (
        lambda: change_colleague(session, by(director), shown(director), lower),
        lambda: switch_colleague(session, by(director), shown(director), active=False),
        lambda: delete_colleague(session, by(director), shown(director)),
    ):
        with pytest.raises(LastGroupManager):
            act()
    assert director.employee.restaurant_id is None


def test_nobody_takes_or_gives_themselves_rights(session, director, chief):
    make_staff(session, Role.MANAGER)
    lower = draft(chief, place=Place(Role.CASHIER, chief.employee.restaurant_id))
    for act in (
        lambda: change_colleague(session, by(chief), shown(chief), lower),
        lambda: give_password(session, by(chief), shown(chief), NETWORK),
        lambda: switch_colleague(session, by(director), shown(director), active=False),
        lambda: delete_colleague(session, by(chief), shown(chief)),
    ):
        with pytest.raises(OwnAccount):
            act()
    change_colleague(session, by(chief), shown(chief), draft(chief, first_name="Nouveau"))
    assert chief.first_name == "Nouveau"

"""Managers at the same time: the group is never without one, nobody is made or changed twice."""

from functools import partial

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, author_of, make_pizzeria, make_staff
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.models.account import Account, AccountStatus, Employee, Role
from ocpizza.models.staff_change import StaffChange
from ocpizza.services.account.add_colleague import Namesake, NewColleague, add_colleague
from ocpizza.services.account.change_colleague import (
    Draft,
    Shown,
    change_colleague,
    delete_colleague,
    switch_colleague,
)
from ocpizza.services.account.managing import ColleagueGone, LastGroupManager, NotManaged, Place
from ocpizza.services.trail.record import Signature


@pytest.fixture
def directors(committed_database):
    """Three managers of the group, as each page showed them."""
    with Session(committed_database) as session, session.begin():
        make_pizzeria(session)
        made = [make_staff(session, Role.MANAGER, first_name=name) for name in "ABC"]
        return [(Signature(author_of(one), NOON), Shown(one.id, 1)) for one in made]


def off(signed, shown, session):
    switch_colleague(session, signed, shown, active=False)


def gone(signed, shown, session):
    delete_colleague(session, signed, shown)


def lowered(signed, shown, session):
    place = Place(Role.CASHIER, session.scalar(select(func.min(Employee.restaurant_id))) or 1)
    change_colleague(session, signed, shown, Draft("X", "Y", place))


@pytest.mark.parametrize("act", [off, gone, lowered])
def test_managers_of_the_group_who_take_each_other_out_leave_one(
    committed_database, directors, act
):
    count = len(directors)
    acts = [
        partial(act, directors[number][0], directors[(number + 1) % count][1])
        for number in range(count)
    ]
    refused = (NotManaged, LastGroupManager, StaleVersion, ColleagueGone)
    done = succeeded(all_at_once(committed_database, acts), refused)
    with Session(committed_database) as session:
        left = session.scalar(
            select(func.count())
            .select_from(Employee)
            .join(Account)
            .where(Employee.restaurant_id.is_(None), Account.status == AccountStatus.ACTIVE)
        )
        # Once for each place that was concerned.
        told = session.scalars(select(StaffChange.account_id).distinct()).all()
    assert left >= 1
    assert left == count - len(done)
    assert len(told) == len(done)


def test_a_form_sent_five_times_at_once_makes_one_account(committed_database, directors):
    new = NewColleague("Zoé", "Lœb", Place(Role.MANAGER, None))

    def add(session):
        return add_colleague(session, directors[0][0], new).account.identifier

    done = succeeded(all_at_once(committed_database, [add] * 5), Namesake)
    assert done == ["zoe.loeb"]


def test_two_who_change_somebody_are_one_and_a_loser(committed_database, directors):
    (first, _), (second, _), (_, shown) = directors

    def rename(signed, name, session):
        place = Place(Role.MANAGER, None)
        return change_colleague(session, signed, shown, Draft(name, "Z", place)).first_name

    acts = [partial(rename, first, "un"), partial(rename, second, "deux")]
    (done,) = succeeded(all_at_once(committed_database, acts), StaleVersion)
    with Session(committed_database) as session:
        assert session.get_one(Account, shown.account_id).first_name == done

"""The audit trail: what is written, by whom, and what never is."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text

from factories import NOON, author_of, make_staff
from ocpizza.models.account import Role
from ocpizza.models.staff_change import Act, StaffChange, Subject
from ocpizza.services.privacy.erase_account import empty_account
from ocpizza.services.trail.record import Change, SecretFact, Signature, record_change
from refusals import refused_by


@pytest.fixture
def manager(session, pizzeria):
    return author_of(make_staff(session, Role.MANAGER, pizzeria.restaurant))


@pytest.fixture
def record(session, pizzeria, manager):
    def do(before, after, **values):
        told = {"restaurant_id": pizzeria.restaurant.id, "name": "DIX"} | values
        change = Change(Subject.PROMOTION, before, after, **told)
        record_change(session, Signature(manager, NOON), change)
        session.flush()
        return session.scalars(select(StaffChange)).all()

    return do


def test_a_change_tells_who_when_what_before_and_after(record, manager, pizzeria):
    before = {"percent": 10, "active": True, "until": None}
    (written,) = record(before, {"percent": 15, "active": True, "until": date(2026, 3, 1)})
    assert (written.author_id, written.author_role) == (manager.account_id, Role.MANAGER)
    assert (written.at, written.restaurant_id) == (NOON, pizzeria.restaurant.id)
    assert (written.subject, written.name, written.act) == ("promotion", "DIX", Act.CHANGED)
    assert written.facts_before == {"percent": 10, "until": None}
    assert written.facts_after == {"percent": 15, "until": "2026-03-01"}


def test_what_comes_and_goes_is_written_with_all_its_facts(record):
    record(None, {"percent": 10})
    added, deleted = record({"percent": 10}, None)
    assert (added.act, added.facts_before, added.facts_after) == (
        Act.ADDED,
        None,
        {"percent": 10},
    )
    assert (deleted.act, deleted.facts_after) == (Act.DELETED, None)


def test_saving_without_a_change_writes_nothing(record):
    assert record({"percent": 10}, {"percent": 10}) == []


def test_the_command_line_is_nobody(session):
    record_change(session, Signature(None, NOON), Change(Subject.STAFF, None, {}, None))
    session.flush()
    assert session.scalars(select(StaffChange.author_role)).all() == [None]


@pytest.mark.parametrize(
    "name", ["password", "password_hash", "token", "sha256", "session_version", "checkout_key"]
)
def test_nothing_that_opens_anything_is_written(record, name):
    with pytest.raises(SecretFact):
        record(None, {name: "x"})


@pytest.mark.parametrize("verb", ["UPDATE staff_change SET {}", "DELETE FROM staff_change"])
@pytest.mark.parametrize(
    "change",
    [
        "name = 'x'",
        "note = 'x', facts_before = NULL, facts_after = NULL",
        "note = '', facts_before = NULL, facts_after = '{}'",
        "note = '', facts_before = NULL, facts_after = NULL, author_id = NULL, author_role = NULL",
    ],
)
def test_the_trail_is_neither_changed_nor_deleted(session, record, verb, change):
    record({"percent": 10}, {"percent": 15})
    with refused_by(session, "rows of staff_change are append-only"):
        session.execute(text(verb.format(change)).execution_options(synchronize_session=False))


def test_what_it_told_of_an_erased_colleague_goes_and_that_it_was_changed_stays(
    session, record, pizzeria, manager
):
    colleague = make_staff(session, Role.CASHIER, pizzeria.restaurant)
    about = {"account_id": colleague.id, "name": "", "note": "Ana est partie"}
    record({"first_name": "Ana"}, {"first_name": "Anna"}, **about)
    session.delete(colleague.employee)
    empty_account(session, colleague, [], NOON + timedelta(days=1))
    session.expire_all()
    (written,) = session.scalars(select(StaffChange))
    assert (written.facts_before, written.facts_after, written.note) == (None, None, "")
    assert (written.act, written.author_id, written.at) == (Act.CHANGED, manager.account_id, NOON)

"""Rows of who is signed in: what is kept of them, and for how long."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from factories import NOON, make_account, make_restaurant, make_staff
from ocpizza.domain.session_limits import StaffIdle
from ocpizza.models.account import AccountStatus, Role
from ocpizza.models.sign_in import SignInSession
from ocpizza.services.account.sign_in_sessions import (
    begin_session,
    end_session,
    find_session,
    forget_ended_sessions,
    note_activity,
    sign_out_everywhere,
)
from ocpizza.services.privacy.erase_account import erase_account
from ocpizza.services.privacy.export import export_text

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
IDLE = StaffIdle(10 * MINUTE, 5 * HOUR)


def count(session) -> int:
    return session.scalar(select(func.count()).select_from(SignInSession))


def test_the_database_cannot_sign_anybody_in(session):
    julia = make_account(session)
    session_id = begin_session(session, julia, NOON)
    session.flush()
    row = session.scalars(select(SignInSession)).one()
    assert row.sha256 == hashlib.sha256(session_id.encode()).hexdigest()
    assert len(session_id) == 43
    assert find_session(session, row.sha256) is None
    assert find_session(session, session_id).account_id == julia.id


def test_a_session_is_its_accounts_in_its_role_while_that_is_active(session):
    restaurant = make_restaurant(session)
    julia, cook = make_account(session), make_staff(session, Role.PIZZAIOLO, restaurant)
    ids = [begin_session(session, who, NOON) for who in (julia, cook)]
    session.flush()
    found = [find_session(session, session_id) for session_id in ids]
    assert [(one.account_id, one.employee_role, one.restaurant_id) for one in found] == [
        (julia.id, None, None),
        (cook.id, Role.PIZZAIOLO, restaurant.id),
    ]
    julia.status = AccountStatus.INACTIVE
    sign_out_everywhere(session, cook)
    session.flush()
    assert [find_session(session, session_id) for session_id in ids] == [None, None]


def test_a_session_that_was_ended_is_not_brought_back_by_being_used(session):
    session_id = begin_session(session, make_account(session), NOON)
    session.flush()
    end_session(session, session_id)
    note_activity(session, session_id, NOON + HOUR)
    assert count(session) == 0


def test_an_older_request_does_not_take_time_back(session):
    session_id = begin_session(session, make_account(session), NOON)
    session.flush()
    for at in (NOON + HOUR, NOON + MINUTE):
        note_activity(session, session_id, at)
    assert find_session(session, session_id).last_seen_at == NOON + HOUR


@pytest.mark.parametrize(
    ("staff", "shared", "after", "kept"),
    [
        (False, None, 30 * DAY - MINUTE, True),
        (False, None, 30 * DAY, False),
        (True, True, 9 * MINUTE, True),
        (True, True, 10 * MINUTE, False),
        # Of a device that nothing is known of, the shorter time.
        (True, None, 9 * MINUTE, True),
        (True, None, 10 * MINUTE, False),
        (True, False, 5 * HOUR - MINUTE, True),
        (True, False, 5 * HOUR, False),
    ],
)
def test_what_is_over_is_forgotten(session, staff, shared, after, kept):
    who = make_account(session)
    if staff:
        who = make_staff(session, Role.CASHIER, make_restaurant(session))
    begin_session(session, who, NOON, shared=shared)
    session.flush()
    assert forget_ended_sessions(session, NOON + after, IDLE) == (not kept)
    assert forget_ended_sessions(session, NOON + after, IDLE) == 0
    assert count(session) == kept


@pytest.mark.parametrize(("staff", "in_all"), [(False, 180 * DAY), (True, 12 * HOUR)])
def test_what_is_used_all_the_time_is_forgotten_in_the_end(session, staff, in_all):
    who = make_account(session)
    if staff:
        who = make_staff(session, Role.CASHIER, make_restaurant(session))
    session_id = begin_session(session, who, NOON)
    session.flush()
    note_activity(session, session_id, NOON + in_all - MINUTE)
    assert forget_ended_sessions(session, NOON + in_all - MINUTE, IDLE) == 0
    assert forget_ended_sessions(session, NOON + in_all, IDLE) == 1


def test_sessions_ended_elsewhere_are_forgotten_at_once(session):
    julia, anna = make_account(session), make_account(session)
    begin_session(session, julia, NOON)
    begin_session(session, anna, NOON)
    sign_out_everywhere(session, julia)
    session.flush()
    assert session.scalars(select(SignInSession.account_id)).all() == [anna.id]


def test_they_are_their_owners_data(session):
    julia = make_account(session)
    begin_session(session, julia, NOON)
    session.flush()
    times = {"started_at": NOON.isoformat(), "last_seen_at": NOON.isoformat()}
    (kept,) = json.loads("".join(export_text(session, julia, NOON)))["sessions"]
    assert kept == kept | times
    erase_account(session, julia.id, NOON)
    assert count(session) == 0

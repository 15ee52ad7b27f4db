"""One session from many sides at once."""

from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from clients import all_at_once
from factories import NOON, make_account
from ocpizza.domain.session_limits import StaffIdle
from ocpizza.models.account import Account
from ocpizza.services.account.sign_in_sessions import (
    begin_session,
    end_session,
    find_session,
    forget_ended_sessions,
    note_activity,
    sign_out_everywhere,
)

IDLE = StaffIdle(timedelta(minutes=10), timedelta(hours=12))


def test_signing_out_wins_over_whatever_is_noted_meanwhile(committed_database):
    with Session(committed_database) as session, session.begin():
        julia = make_account(session)
        session_id = begin_session(session, julia, NOON)
        other_id = begin_session(session, julia, NOON)
    clients = [
        partial(lambda n, session: note_activity(session, session_id, NOON + n), timedelta(hours=n))
        for n in range(1, 8)
    ]
    clients += [lambda session: end_session(session, session_id)] * 2
    clients += [lambda session: forget_ended_sessions(session, NOON, IDLE)]
    answers = all_at_once(committed_database, clients)
    assert not [each for each in answers if isinstance(each, Exception)]
    with Session(committed_database) as session:
        assert find_session(session, session_id) is None
        assert find_session(session, other_id) is not None


def test_a_sign_in_during_signing_out_everywhere_is_in_or_out_but_never_of_before(
    committed_database,
):
    with Session(committed_database) as session, session.begin():
        julia_id = make_account(session).id
        before = begin_session(session, session.get_one(Account, julia_id), NOON)
    locked = select(Account).where(Account.id == julia_id).with_for_update(of=Account)

    def leave(session: Session) -> None:
        sign_out_everywhere(session, session.scalars(locked).one())

    def enter(session: Session) -> str:
        return begin_session(session, session.scalars(locked).one(), NOON)

    answers = all_at_once(committed_database, [leave, *[enter] * 5, leave])
    assert not [each for each in answers if isinstance(each, Exception)]
    with Session(committed_database) as session:
        assert find_session(session, before) is None

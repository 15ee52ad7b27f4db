"""One code from many sides at once: one comes in."""

from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import KEY, NOON, make_staff
from ocpizza.domain.totp import code_of, step_at
from ocpizza.models.account import Account, Role
from ocpizza.models.second_factor import SecondFactor
from ocpizza.services.account.half_sign_in import (
    HalfGone,
    WrongCode,
    begin_half_sign_in,
    complete_sign_in,
    find_half_sign_in,
)
from ocpizza.services.account.second_factor import renew_recovery_codes

CODE = code_of(KEY, step_at(NOON))


def _halves(database, many: int) -> tuple[int, list[str]]:
    with Session(database) as session, session.begin():
        direction = make_staff(session, Role.MANAGER)
        halves = [begin_half_sign_in(session, direction, None, NOON) for _ in range(many)]
        return direction.id, halves


def test_of_several_who_show_one_code_at_once_one_comes_in(committed_database):
    _id, halves = _halves(committed_database, 6)
    clients = [
        lambda session, half=half: complete_sign_in(session, half, CODE, NOON) for half in halves
    ]
    assert len(succeeded(all_at_once(committed_database, clients), WrongCode)) == 1


def test_one_sign_in_completed_twice_at_once_is_completed_once(committed_database):
    _id, halves = _halves(committed_database, 1)
    clients = [lambda session: complete_sign_in(session, halves[0], CODE, NOON)] * 4
    assert len(succeeded(all_at_once(committed_database, clients), (WrongCode, HalfGone))) == 1


def test_of_several_who_show_one_recovery_code_at_once_one_comes_in(committed_database):
    id, halves = _halves(committed_database, 5)
    with Session(committed_database) as session, session.begin():
        codes = renew_recovery_codes(session, id)
    clients = [
        lambda session, half=half: complete_sign_in(session, half, codes[0], NOON)
        for half in halves
    ]
    assert len(succeeded(all_at_once(committed_database, clients), WrongCode)) == 1


def test_of_several_applications_set_up_at_once_one_is_kept(committed_database):
    id, _none = _halves(committed_database, 0)
    with Session(committed_database) as session, session.begin():
        session.delete(session.get_one(SecondFactor, id))
        session.flush()
        direction = session.get_one(Account, id)
        halves = [begin_half_sign_in(session, direction, None, NOON) for _ in range(5)]
        keys = [find_half_sign_in(session, half, NOON)[0].key for half in halves]
    clients = [
        lambda session, half=half, key=key: complete_sign_in(
            session, half, code_of(key, step_at(NOON)), NOON
        )
        for half, key in zip(halves, keys, strict=True)
    ]
    answers = all_at_once(committed_database, clients)
    assert len(succeeded(answers, HalfGone)) == 1
    (winner,) = (
        key for key, each in zip(keys, answers, strict=True) if not isinstance(each, Exception)
    )
    with Session(committed_database) as session:
        assert session.get_one(SecondFactor, id).key == winner

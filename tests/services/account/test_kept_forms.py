"""What somebody typed waits for them: one form an account, for an hour."""

from datetime import timedelta

from sqlalchemy import func, select

from factories import NOON, make_account
from ocpizza.models.account import AccountStatus
from ocpizza.models.kept_form import KeptForm
from ocpizza.services.account.kept_forms import (
    Typed,
    drop_form,
    find_form,
    forget_kept_forms,
    keep_form,
)

TYPED = Typed("/equipe/a", "/equipe/a/b", [("name", "L’été"), ("name", "\x00\ud7ff")])


def test_it_is_found_as_it_was_typed_by_its_account_alone(session):
    julia, paul = make_account(session), make_account(session, email="paul@example.org")
    keep_form(session, julia.id, TYPED, NOON)
    assert find_form(session, julia.id, NOON) == TYPED
    assert find_form(session, paul.id, NOON) is None


def test_the_last_one_stands(session):
    julia = make_account(session)
    keep_form(session, julia.id, TYPED, NOON)
    other = Typed("/equipe/c", "/equipe/c", [("a", "b")])
    keep_form(session, julia.id, other, NOON)
    assert find_form(session, julia.id, NOON) == other


def test_it_is_gone_once_sent_and_after_an_hour(session):
    julia = make_account(session)
    keep_form(session, julia.id, TYPED, NOON)
    assert find_form(session, julia.id, NOON + timedelta(minutes=59)) == TYPED
    assert find_form(session, julia.id, NOON + timedelta(minutes=60)) is None
    assert forget_kept_forms(session, NOON + timedelta(minutes=59)) == 0
    assert forget_kept_forms(session, NOON + timedelta(minutes=60)) == 1
    keep_form(session, julia.id, TYPED, NOON)
    drop_form(session, julia.id)
    assert find_form(session, julia.id, NOON) is None


def test_nothing_is_kept_for_somebody_who_is_gone(session):
    julia = make_account(session)
    julia.status = AccountStatus.INACTIVE
    session.flush()
    keep_form(session, julia.id, TYPED, NOON)
    assert session.scalar(select(func.count()).select_from(KeptForm)) == 0

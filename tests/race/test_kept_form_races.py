"""One person, several forms refused at once: one of them is kept."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clients import all_at_once
from factories import NOON, make_account
from ocpizza.models.kept_form import KeptForm
from ocpizza.services.account.kept_forms import Typed, find_form, keep_form


def test_of_several_forms_kept_at_once_one_stays(committed_database):
    with Session(committed_database) as session, session.begin():
        julia = make_account(session).id
    typed = [Typed("/equipe/a", "/equipe/a", [("name", str(each))]) for each in range(6)]
    clients = [lambda session, each=each: keep_form(session, julia, each, NOON) for each in typed]
    assert all_at_once(committed_database, clients) == [None] * len(typed)
    with Session(committed_database) as session:
        assert session.scalar(select(func.count()).select_from(KeptForm)) == 1
        assert find_form(session, julia, NOON) in typed

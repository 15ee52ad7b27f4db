"""A stranger’s address, registered by somebody else: its mail makes it its owner’s again."""

from sqlalchemy import select

from factories import NOON, make_account
from ocpizza.domain.identity import Told
from ocpizza.models.account import ExternalIdentity
from ocpizza.services.account_links import Purpose, issue_link
from ocpizza.services.change_password import reset_password
from ocpizza.services.join_identity import join_identity

SQUATTER = Told("facebook", "f-666", "alice@example.org", False, "M", "M")


def subjects(session) -> list[str]:
    return list(session.scalars(select(ExternalIdentity.subject)))


def reset(session, account) -> None:
    token = issue_link(session, account, Purpose.NEW_PASSWORD, account.email, NOON)
    session.flush()
    reset_password(session, token, "a password of mine", "192.0.2.0/24", NOON)
    session.flush()


def test_whoever_came_by_facebook_before_it_was_confirmed_is_out(session):
    account = join_identity(session, SQUATTER, NOON)
    version = account.session_version
    reset(session, account)
    assert subjects(session) == []
    assert account.session_version > version
    assert account.password_hash
    assert account.email_verified_at == NOON


def test_whoever_linked_a_provider_himself_keeps_it(session):
    account = make_account(session, email="alice@example.org", email_verified_at=NOON)
    join_identity(session, Told("google", "g-1", account.email, True, "A", "B"), NOON)
    reset(session, account)
    assert subjects(session) == ["g-1"]

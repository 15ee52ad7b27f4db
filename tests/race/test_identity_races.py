"""The same person in two windows at once: one account, one way left, one use of a visit."""

from functools import partial

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clients import all_at_once
from factories import NOON, make_account
from ocpizza.domain.identity import IdentityClaims
from ocpizza.models.account import Account
from ocpizza.models.sign_in import ExternalIdentity
from ocpizza.services.account.identity import join_identity
from ocpizza.services.account.provider_visit import send_to_provider, take_back
from ocpizza.services.account.sign_in_ways import (
    LastWay,
    LinkedElsewhere,
    link_identity,
    sign_in_ways,
    unlink_identity,
)

ALICE = IdentityClaims("google", "g-1", "alice@example.org", True, "Alice", "Bernard")
BY_FACEBOOK = IdentityClaims("facebook", "f-1", "alice@example.org", False, "Alice", "B")


def count(engine, what) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).select_from(what))


def join(claims: IdentityClaims, session: Session) -> int:
    return join_identity(session, claims, NOON).id


def link(account_id: int, session: Session) -> bool:
    return link_identity(session, account_id, ALICE, NOON)


def unlink(account_id: int, identity_id: int, session: Session) -> None:
    unlink_identity(session, account_id, identity_id, NOON)


def come_back(state: str, session: Session) -> bool:
    return take_back(session, "google", state, NOON) is not None


def test_many_callbacks_at_once_make_one_account(committed_database):
    ids = all_at_once(committed_database, [partial(join, ALICE)] * 8)
    assert len(set(ids)) == 1
    assert isinstance(ids[0], int)
    assert count(committed_database, Account) == 1
    assert count(committed_database, ExternalIdentity) == 1


def test_two_identities_of_one_address_at_once_make_one_account(committed_database):
    other = IdentityClaims("google", "g-2", "alice@example.org", True, "Alice", "Bernard")
    ids = all_at_once(committed_database, [partial(join, ALICE), partial(join, other)] * 3)
    assert len(set(ids)) == 1
    assert count(committed_database, Account) == 1
    assert count(committed_database, ExternalIdentity) == 2


def test_many_callbacks_at_once_join_an_account_once(committed_database):
    with Session(committed_database) as session, session.begin():
        expected = make_account(session, email="alice@example.org", email_verified_at=NOON).id
    assert set(all_at_once(committed_database, [partial(join, ALICE)] * 6)) == {expected}
    assert count(committed_database, ExternalIdentity) == 1


def test_of_two_accounts_one_links_the_identity(committed_database):
    with Session(committed_database) as session, session.begin():
        ids = [make_account(session).id for _ in range(2)]
    outcomes = all_at_once(committed_database, [partial(link, each) for each in ids * 3])
    assert sum(outcome is True for outcome in outcomes) == 1
    assert sum(outcome is False for outcome in outcomes) == 2
    assert sum(isinstance(outcome, LinkedElsewhere) for outcome in outcomes) == 3
    assert count(committed_database, ExternalIdentity) == 1


def test_of_two_ways_taken_at_once_one_stays(committed_database):
    with Session(committed_database) as session, session.begin():
        account = join_identity(session, ALICE, NOON)
        link_identity(session, account.id, BY_FACEBOOK, NOON)
        ways = [each.id for each in sign_in_ways(session, account).identities]
        takes = [partial(unlink, account.id, each) for each in ways]
    outcomes = all_at_once(committed_database, takes)
    assert {type(outcome) for outcome in outcomes} == {type(None), LastWay}
    assert count(committed_database, ExternalIdentity) == 1


def test_a_visit_is_used_once(committed_database):
    with Session(committed_database) as session, session.begin():
        state = send_to_provider(session, "google", NOON).state
    outcomes = all_at_once(committed_database, [partial(come_back, state)] * 6)
    assert sorted(outcomes) == [False] * 5 + [True]

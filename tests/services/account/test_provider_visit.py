"""Whoever was sent to a provider comes back once, to the provider's own address, in time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_account
from ocpizza.models.sign_in import ProviderVisit
from ocpizza.services.account.provider_visit import send_to_provider, take_back

QUARTER, SECOND = timedelta(minutes=15), timedelta(seconds=1)


def test_they_come_back_with_what_they_left_with(session):
    account = make_account(session)
    challenge = send_to_provider(
        session, "google", NOON, next_path="/panier", account_id=account.id
    )
    visit = take_back(session, "google", challenge.state, NOON)
    assert (visit.next_path, visit.account_id) == ("/panier", account.id)
    assert visit.code_verifier == challenge.code_verifier


def test_the_state_is_kept_as_a_digest_only(session):
    challenge = send_to_provider(session, "google", NOON)
    kept = session.scalars(select(ProviderVisit)).one()
    assert challenge.state not in (kept.state_sha256, kept.code_verifier)
    assert 43 <= len(challenge.code_verifier) <= 128


def test_nobody_comes_back_twice(session):
    challenge = send_to_provider(session, "google", NOON)
    assert take_back(session, "google", challenge.state, NOON)
    assert take_back(session, "google", challenge.state, NOON) is None


@pytest.mark.parametrize(
    ("provider", "change", "after"),
    [
        ("facebook", "", timedelta()),
        ("google", "x", timedelta()),
        ("google", "", QUARTER),
    ],
)
def test_another_provider_another_state_or_too_late_is_nobody(session, provider, change, after):
    challenge = send_to_provider(session, "google", NOON)
    assert take_back(session, provider, challenge.state + change, NOON + after) is None
    assert take_back(session, "google", challenge.state, NOON + QUARTER - SECOND)


def test_whoever_did_not_come_back_is_forgotten_when_the_next_one_leaves(session):
    send_to_provider(session, "google", NOON)
    send_to_provider(session, "google", NOON + QUARTER - SECOND)
    assert len(session.scalars(select(ProviderVisit)).all()) == 2
    send_to_provider(session, "google", NOON + QUARTER)
    assert len(session.scalars(select(ProviderVisit)).all()) == 2

"""C11: guessing is slowed down, and tells nobody which accounts exist."""

from datetime import UTC, datetime

import pytest

from factories import make_account
from ocpizza.models.account import Account, AccountStatus
from ocpizza.services.account.sign_in_attempts import (
    MAX_PER_IDENTIFIER,
    MAX_PER_NETWORK,
    MAX_PER_PAIR,
    begin_attempt,
)
from views.pages import designed, words
from views.website import sign_in

CLIENT, NOBODY = "cliente@example.org", "nobodyy@example.org"
STRANGER, OWNER = {"REMOTE_ADDR": "198.51.100.9"}, {"REMOTE_ADDR": "203.0.113.5"}
assert len(CLIENT) == len(NOBODY)


def answers(website, identifier: str, times: int, password="wrong-password") -> list:
    """Each whole answer, with the name that was typed taken out."""
    browser = website.browser(**STRANGER)
    found = []
    for _ in range(times):
        page = sign_in(browser, identifier, password)
        kept = [(name, value) for name, value in page.headers.items() if name != "Retry-After"]
        found.append((page.status, kept, page.body.replace(identifier.encode(), b"...")))
    return found


@pytest.fixture
def strange_accounts(website) -> list[str]:
    """Identifiers as long as the others, of accounts that nobody can sign in to."""
    with website.session() as session:
        make_account(session, email="closedd@example.org", status=AccountStatus.INACTIVE)
        make_account(session, email="google1@example.org").password_hash = None
    return ["closedd@example.org", "google1@example.org"]


def test_wrong_tries_look_the_same_whoever_they_are_for(website, strange_accounts):
    expected = answers(website, CLIENT, MAX_PER_PAIR + 2)
    assert [status[:3] for status, _, _ in expected] == ["422"] * MAX_PER_PAIR + ["429"] * 2
    for identifier in (NOBODY, *strange_accounts):
        assert answers(website, identifier, MAX_PER_PAIR + 2) == expected


def test_a_closed_account_looks_closed_with_the_right_password_too(website, strange_accounts):
    (wrong,) = answers(website, strange_accounts[0], 1)
    (right,) = answers(website, strange_accounts[0], 1, "quatre-fromages")
    assert right == wrong


@pytest.mark.parametrize("identifier", [CLIENT, NOBODY])
def test_one_hash_is_computed_for_each_try_and_none_for_too_many(website, monkeypatch, identifier):
    hashed = []
    monkeypatch.setattr(
        "ocpizza.views.account.sign_in_attempts.verify_password",
        lambda kept, password: hashed.append(password) or False,
    )
    answers(website, identifier, MAX_PER_PAIR + 3)
    assert len(hashed) == MAX_PER_PAIR


def test_the_database_is_asked_the_same_whoever_a_wrong_try_is_for(website, strange_accounts):
    asked = []
    for identifier in (CLIENT, NOBODY, *strange_accounts):
        with website.counted() as statements:
            answers(website, identifier, 1)
        asked.append(statements)
    assert asked[0]
    assert all(statements == asked[0] for statements in asked)


def test_too_many_tries_are_told_when_to_go_on_and_another_way(website):
    browser = website.browser(**STRANGER)
    for _ in range(MAX_PER_PAIR):
        sign_in(browser, CLIENT, "wrong")
    page = sign_in(browser, CLIENT)
    assert page.status_int == 429
    assert 800 < int(page.headers["Retry-After"]) <= 900
    assert designed(page)
    assert "Trop d’essais : réessayez dans 15 min" in words(page)
    assert 'href="/mot-de-passe-oublie"' in page.text
    assert CLIENT in page.text


def guess(website, times: int, identifier: str, address: str) -> None:
    """Wrong tries, without the time that each takes."""
    now = datetime.now(UTC)
    for number in range(times):
        with website.session() as session:
            begin_attempt(session, identifier.format(number), address.format(number), now)


def test_strangers_do_not_lock_the_owner_out_where_they_have_signed_in(website):
    assert sign_in(website.browser(**OWNER), CLIENT).status_int == 303
    guess(website, MAX_PER_IDENTIFIER, CLIENT, "198.51.100.{}")
    assert sign_in(website.browser(REMOTE_ADDR="192.0.2.77"), CLIENT).status_int == 429
    assert sign_in(website.browser(**OWNER), CLIENT).status_int == 303


def test_one_address_does_not_try_everybody(website):
    guess(website, MAX_PER_NETWORK, "somebody{}@example.org", STRANGER["REMOTE_ADDR"])
    assert sign_in(website.browser(**STRANGER), CLIENT).status_int == 429
    assert sign_in(website.browser(**OWNER), CLIENT).status_int == 303


def test_an_ipv6_network_is_one_address(website):
    for number in range(MAX_PER_PAIR):
        browser = website.browser(REMOTE_ADDR=f"2001:db8::{number}")
        assert sign_in(browser, CLIENT, "wrong").status_int == 422
    assert sign_in(website.browser(REMOTE_ADDR="2001:db8::ffff"), CLIENT).status_int == 429


def test_what_a_visitor_says_of_their_address_does_not_count(website):
    for number in range(MAX_PER_PAIR):
        browser = website.browser(**STRANGER, HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
        assert sign_in(browser, CLIENT, "wrong").status_int == 422
    browser = website.browser(**STRANGER, HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert sign_in(browser, CLIENT).status_int == 429


def test_a_session_that_is_open_goes_on_while_its_account_is_guessed_at(website):
    customer = website.staff("customer")
    guess(website, MAX_PER_IDENTIFIER, CLIENT, "198.51.100.{}")
    customer.get("/compte", status=200)


def test_the_password_is_kept_as_a_hash_that_costs_much(website, costly_hashes):
    with website.session() as session:
        make_account(session, email="neuve@example.org", password="une pâte bien levée")
        kept = session.query(Account).filter_by(email="neuve@example.org").one().password_hash
    assert kept.startswith("$argon2id$v=19$m=65536,")

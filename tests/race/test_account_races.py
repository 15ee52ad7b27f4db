"""The same account from many sides at once: sign-ups, guesses, links, edits."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from clients import all_at_once, succeeded
from factories import NOON, PASSWORD, make_account
from ocpizza.domain.passwords import verify_password
from ocpizza.models.account import Account
from ocpizza.services.account.create import AccountExists, NewAccount, create_account
from ocpizza.services.account.email import Opener, confirm_email
from ocpizza.services.account.links import LinkDead, Purpose, issue_link
from ocpizza.services.account.password import reset_password
from ocpizza.services.account.sign_in_attempts import (
    MAX_PER_IDENTIFIER,
    MAX_PER_NETWORK,
    MAX_PER_PAIR,
    TooManyAttempts,
    begin_attempt,
)
from ocpizza.services.basket.basket import new_basket

JULIA = NewAccount("julia@example.org", PASSWORD, "Julia", "Moreau")


def sign_up(new: NewAccount, session: Session) -> int:
    return create_account(session, new, NOON).id


def guess(identifier: str, address: str, session: Session) -> int:
    return begin_attempt(session, identifier, address, NOON).attempt_id


def test_one_of_many_sign_ups_with_one_address_makes_the_account(committed_database):
    clients = [partial(sign_up, replace(JULIA, first_name=f"Julia {n}")) for n in range(6)]
    made = succeeded(all_at_once(committed_database, clients), AccountExists)
    with Session(committed_database) as session:
        assert session.scalars(select(Account.id)).all() == made


def test_guesses_at_once_do_not_slip_past_a_limit(committed_database):
    for most, names, addresses in (
        (MAX_PER_PAIR, "one@example.org", "192.0.2.1"),
        (MAX_PER_IDENTIFIER, "two@example.org", "198.51.100.{}"),
        (MAX_PER_NETWORK, "many{}@example.org", "203.0.113.7"),
    ):
        clients = [partial(guess, names.format(n), addresses.format(n)) for n in range(most + 8)]
        counted = succeeded(all_at_once(committed_database, clients), TooManyAttempts)
        assert len(counted) == most


def link(engine, purpose: Purpose, email: str) -> str:
    with Session(engine) as session, session.begin():
        account = session.scalars(select(Account)).first() or make_account(
            session, email="julia@example.org"
        )
        return issue_link(session, account, purpose, email, NOON)


def test_a_link_opened_many_times_at_once_sets_one_password(committed_database):
    token = link(committed_database, Purpose.NEW_PASSWORD, "julia@example.org")

    def reset(password: str, session: Session) -> str:
        reset_password(session, token, password, "192.0.2.1", NOON)
        return password

    clients = [partial(reset, f"une pâte bien levée {n}") for n in range(5)]
    (chosen,) = succeeded(all_at_once(committed_database, clients), LinkDead)
    with Session(committed_database) as session:
        assert verify_password(session.scalars(select(Account.password_hash)).one(), chosen)


def test_an_address_confirmed_for_two_accounts_at_once_goes_to_one(committed_database):
    with Session(committed_database) as session, session.begin():
        accounts = [make_account(session) for _ in range(4)]
        links = [
            (
                account.id,
                issue_link(session, account, Purpose.CONFIRM_EMAIL, "new@example.org", NOON),
            )
            for account in accounts
        ]

    def confirm(account_id: int, token: str, session: Session) -> int:
        opener = Opener(account_id, account_id)
        return confirm_email(session, token, opener, NOON + timedelta(hours=1)).account.id

    clients = [partial(confirm, *link) for link in links]
    (winner,) = succeeded(all_at_once(committed_database, clients), AccountExists)
    with Session(committed_database) as session:
        mine = select(func.max(Account.id)).where(Account.email == "new@example.org")
        assert session.scalar(mine) == winner


@pytest.mark.parametrize("backend", ["postgresql"])
def test_who_orders_does_not_wait_for_who_edits_the_account(committed_database):
    token = link(committed_database, Purpose.CONFIRM_EMAIL, "julia@example.org")
    with Session(committed_database) as editing, Session(committed_database) as ordering:
        account = confirm_email(editing, token, Opener(None, None), NOON).account
        ordering.execute(text("SET lock_timeout = '2s'"))
        new_basket(ordering, NOON).account_id = account.id
        ordering.commit()
        editing.commit()

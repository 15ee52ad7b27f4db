"""C1: an e-mail address counts once the link sent to it was opened."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_account, make_staff
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.account.create import AccountExists
from ocpizza.services.account.email import (
    Opener,
    SignInFirst,
    TooManyLinks,
    ask_confirmation,
    confirm_email,
)
from ocpizza.services.account.links import LinkDead, Purpose, issue_link, link_works
from ocpizza.services.account.password import reset_password

OLD, NEW = "julia@example.org", "julia@new.example"
HOUR = timedelta(hours=1)


@pytest.fixture
def julia(session):
    return make_account(session, email=OLD)


def link(session, account, email, purpose=Purpose.CONFIRM_EMAIL) -> str:
    token = issue_link(session, account, purpose, email, NOON)
    session.flush()
    return token


def confirm(session, token, account):
    """Open a link in the session that made the account."""
    done = confirm_email(session, token, Opener(account.id, account.id), NOON)
    assert done.password_link is None
    return done.account


def mails(session) -> list[tuple[MailKind, str]]:
    session.flush()
    sent = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.recipient) for mail in sent]


def test_the_own_address_is_confirmed_by_its_link(session, julia):
    assert confirm(session, link(session, julia, OLD), julia) is julia
    assert (julia.email, julia.email_verified_at) == (OLD, NOON)
    assert mails(session) == []


def test_another_address_replaces_it_only_by_its_link_and_the_old_one_is_told(session, julia):
    ask_confirmation(session, julia, NEW, NOON)
    assert mails(session) == [(MailKind.EMAIL_CONFIRMATION, NEW)]
    assert julia.email == OLD
    confirm(session, link(session, julia, NEW), julia)
    assert (julia.email, julia.email_verified_at) == (NEW, NOON)
    assert mails(session)[1:] == [(MailKind.EMAIL_CHANGED, OLD)]


def test_a_link_confirms_once(session, julia):
    token = link(session, julia, OLD)
    confirm(session, token, julia)
    with pytest.raises(LinkDead):
        confirm(session, token, julia)


def test_links_to_other_addresses_end_with_the_change(session, julia):
    others = {
        Purpose.CONFIRM_EMAIL: link(session, julia, "third@example.org"),
        Purpose.NEW_PASSWORD: link(session, julia, OLD, Purpose.NEW_PASSWORD),
    }
    confirm(session, link(session, julia, NEW), julia)
    assert not any(link_works(session, token, which, NOON) for which, token in others.items())


def test_an_address_of_somebody_else_stays_their(session, julia):
    make_account(session, email=NEW)
    token = link(session, julia, NEW)
    with pytest.raises(AccountExists):
        confirm(session, token, julia)
    session.refresh(julia)
    assert julia.email == OLD


def test_what_a_colleague_signs_in_with_stays_their(session, julia, pizzeria):
    make_staff(session, Role.DRIVER, pizzeria.restaurant, identifier=NEW)
    with pytest.raises(AccountExists):
        confirm(session, link(session, julia, NEW), julia)


def test_a_colleague_may_add_an_address(session, pizzeria):
    driver = make_staff(session, Role.DRIVER, pizzeria.restaurant, identifier=NEW)
    confirm(session, link(session, driver, NEW), driver)
    assert driver.email == NEW
    assert mails(session) == []


def test_nobody_floods_others_with_confirmations(session, julia):
    for _ in range(5):
        ask_confirmation(session, julia, NEW, NOON + timedelta(seconds=len(mails(session))))
    with pytest.raises(TooManyLinks):
        ask_confirmation(session, julia, "other@example.org", NOON + timedelta(minutes=1))
    with pytest.raises(TooManyLinks):
        ask_confirmation(session, julia, NEW, NOON + HOUR - timedelta(seconds=1))
    ask_confirmation(session, julia, NEW, NOON + HOUR + timedelta(minutes=1))


@pytest.mark.parametrize("made_here", [False, True])
def test_only_the_session_that_made_an_account_keeps_it_when_its_address_is_confirmed(
    session, julia, made_here
):
    before = (julia.password_hash, julia.session_version)
    opener = Opener(julia.id, julia.id if made_here else None)
    done = confirm_email(session, link(session, julia, OLD), opener, NOON)
    assert julia.email_verified_at == NOON
    assert ((julia.password_hash, julia.session_version) == before) is made_here
    assert (done.password_link is None) is made_here


@pytest.mark.parametrize("opener", [Opener(None, None), Opener(-1, -1)])
def test_a_link_opened_elsewhere_lets_its_opener_choose_the_password(session, julia, opener):
    done = confirm_email(session, link(session, julia, OLD), opener, NOON)
    assert julia.password_hash is None
    assert link_works(session, done.password_link, Purpose.NEW_PASSWORD, NOON)
    account = reset_password(session, done.password_link, "my own password", "192.0.2.0/24", NOON)
    assert account is julia
    assert julia.password_hash


def test_an_address_that_was_confirmed_before_turns_nobody_out(session, julia):
    julia.email_verified_at = NOON - HOUR
    token, before = link(session, julia, OLD), julia.password_hash
    done = confirm_email(session, token, Opener(None, None), NOON)
    assert (done.password_link, julia.password_hash) == (None, before)
    assert julia.email_verified_at == NOON - HOUR


@pytest.mark.parametrize("opener", [Opener(None, None), Opener(-1, None)])
def test_a_new_address_is_taken_by_who_is_signed_in_to_the_account_only(session, julia, opener):
    token = link(session, julia, NEW)
    with pytest.raises(SignInFirst):
        confirm_email(session, token, opener, NOON)
    assert (julia.email, julia.email_verified_at) == (OLD, None)
    assert link_works(session, token, Purpose.CONFIRM_EMAIL, NOON)
    confirm_email(session, token, Opener(julia.id, None), NOON)
    assert julia.email == NEW

"""C1: an e-mail address counts once the link sent to it was opened."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from factories import NOON, make_account, make_staff
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.account_links import LinkDead, Purpose, issue_link, link_works
from ocpizza.services.change_email import (
    PERIOD,
    TooManyLinks,
    ask_confirmation,
    confirm_email,
)
from ocpizza.services.create_account import AccountExists

OLD, NEW = "julia@example.org", "julia@new.example"


@pytest.fixture
def julia(session):
    return make_account(session, email=OLD)


def link(session, account, email, purpose=Purpose.CONFIRM_EMAIL) -> str:
    token = issue_link(session, account, purpose, email, NOON)
    session.flush()
    return token


def mails(session) -> list[tuple[MailKind, str]]:
    session.flush()
    sent = session.scalars(select(OutgoingMail).order_by(OutgoingMail.id))
    return [(mail.kind, mail.recipient) for mail in sent]


def test_the_own_address_is_confirmed_by_its_link(session, julia):
    assert confirm_email(session, link(session, julia, OLD), NOON) is julia
    assert (julia.email, julia.email_verified_at) == (OLD, NOON)
    assert mails(session) == []


def test_another_address_replaces_it_only_by_its_link_and_the_old_one_is_told(session, julia):
    ask_confirmation(session, julia, NEW, NOON)
    assert mails(session) == [(MailKind.EMAIL_CONFIRMATION, NEW)]
    assert julia.email == OLD
    confirm_email(session, link(session, julia, NEW), NOON)
    assert (julia.email, julia.email_verified_at) == (NEW, NOON)
    assert mails(session)[1:] == [(MailKind.EMAIL_CHANGED, OLD)]


def test_a_link_confirms_once(session, julia):
    token = link(session, julia, OLD)
    confirm_email(session, token, NOON)
    with pytest.raises(LinkDead):
        confirm_email(session, token, NOON)


def test_links_to_other_addresses_end_with_the_change(session, julia):
    others = {
        Purpose.CONFIRM_EMAIL: link(session, julia, "third@example.org"),
        Purpose.NEW_PASSWORD: link(session, julia, OLD, Purpose.NEW_PASSWORD),
    }
    confirm_email(session, link(session, julia, NEW), NOON)
    assert not any(link_works(session, token, which, NOON) for which, token in others.items())


def test_an_address_of_somebody_else_stays_his(session, julia):
    make_account(session, email=NEW)
    token = link(session, julia, NEW)
    with pytest.raises(AccountExists):
        confirm_email(session, token, NOON)
    session.refresh(julia)
    assert julia.email == OLD


def test_what_a_colleague_signs_in_with_stays_his(session, julia, pizzeria):
    make_staff(session, Role.DRIVER, pizzeria.restaurant, identifier=NEW)
    with pytest.raises(AccountExists):
        confirm_email(session, link(session, julia, NEW), NOON)


def test_a_colleague_may_add_an_address(session, pizzeria):
    driver = make_staff(session, Role.DRIVER, pizzeria.restaurant, identifier=NEW)
    confirm_email(session, link(session, driver, NEW), NOON)
    assert driver.email == NEW
    assert mails(session) == []


def test_nobody_floods_others_with_confirmations(session, julia):
    for _ in range(5):
        ask_confirmation(session, julia, NEW, NOON + timedelta(seconds=len(mails(session))))
    with pytest.raises(TooManyLinks):
        ask_confirmation(session, julia, "other@example.org", NOON + timedelta(minutes=1))
    ask_confirmation(session, julia, NEW, NOON + PERIOD + timedelta(minutes=1))

"""News of an account are put into the outbox in its language, to its address or a named one."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from factories import NOON, make_account, make_staff
from ocpizza.models.account import Role
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.services.account.notify import News, notify_account


def mails(session) -> list[OutgoingMail]:
    session.flush()
    return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def test_an_account_is_told_at_its_address_in_its_language(session):
    account = make_account(session, email="julia@example.org", language="en")
    notify_account(session, account, News(MailKind.IDENTITY_JOINED, {"provider": "Google"}), NOON)
    (mail,) = mails(session)
    assert (mail.recipient, mail.language, mail.values, mail.due_at) == (
        "julia@example.org",
        "en",
        {"provider": "Google"},
        NOON,
    )


def test_another_address_may_be_named(session):
    account = make_account(session, email="new@example.org")
    notify_account(
        session, account, News(MailKind.EMAIL_CHANGED, recipient="old@example.org"), NOON
    )
    assert [mail.recipient for mail in mails(session)] == ["old@example.org"]


def test_an_account_without_an_address_is_told_nothing(session, pizzeria):
    account = make_staff(session, Role.DRIVER, pizzeria.restaurant)
    notify_account(session, account, News(MailKind.PASSWORD_CHANGED), NOON)
    assert mails(session) == []


def test_an_event_is_told_once(session):
    account = make_account(session)
    notify_account(session, account, News(MailKind.IDENTITY_JOINED, event="google"), NOON)
    notify_account(session, account, News(MailKind.IDENTITY_JOINED, event="facebook"), NOON)
    session.flush()
    with pytest.raises(IntegrityError), session.begin_nested():
        notify_account(session, account, News(MailKind.IDENTITY_JOINED, event="google"), NOON)
    assert len(mails(session)) == 2

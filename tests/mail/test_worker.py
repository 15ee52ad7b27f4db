"""`ocpizza work` sends the outbox through a real server, whatever fails on the way."""

import email
import email.policy
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from documents.pdfs import text_of
from factories import NOON, make_account, make_basket, make_pizzeria, order_of
from ocpizza.db import make_engine
from ocpizza.models.account import Account
from ocpizza.models.basket import Basket
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.order_revision import OrderRevision
from ocpizza.models.order_status import Status
from ocpizza.models.sign_in import AccountToken, SignInAttempt
from ocpizza.operations.work import Worker
from ocpizza.services.account.links import Purpose, issue_link
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.account.password import ask_new_password
from ocpizza.services.account.sign_in_attempts import begin_attempt
from ocpizza.services.outbox.send import GIVEN_UP
from ocpizza.services.privacy.erase_account import erase_account

EMAIL = "julia@example.org"
LONG_AFTER = NOON + timedelta(days=1)


def fill(engine, orders: int) -> None:
    with Session(engine) as session, session.begin():
        pizzeria = make_pizzeria(session)
        for _ in range(orders):
            order_of(session, pizzeria, email=EMAIL)


def unsent(engine) -> int:
    with Session(engine) as session:
        return session.scalar(select(func.count()).where(OutgoingMail.sent_at.is_(None)))


def work_all(worker, now=LONG_AFTER) -> None:
    while worker.work_once(now):
        pass


def test_everything_due_is_sent(committed_database, mail_settings, mailbox):
    fill(committed_database, 3)
    work_all(Worker(committed_database, mail_settings, Event()))
    assert len(mailbox.received) == 3
    assert unsent(committed_database) == 0


def handouts(engine) -> list:
    with Session(engine) as session:
        return list(session.scalars(select(OrderRevision.summary_mailed_at)))


def test_the_summary_arrives_and_that_it_was_mailed_is_noted(
    committed_database, mail_settings, mailbox
):
    fill(committed_database, 1)
    work_all(Worker(committed_database, mail_settings, Event()))
    message = email.message_from_bytes(mailbox.received[0].content, policy=email.policy.default)
    (file,) = message.iter_attachments()
    assert file.get_filename().startswith("commande-")
    assert "Total TTC 12,00 €" in text_of(file.get_content())
    assert handouts(committed_database) == [LONG_AFTER]


def test_what_was_not_sent_is_not_noted_as_mailed(committed_database, mail_settings, mailbox):
    fill(committed_database, 1)
    mailbox.refused[EMAIL] = "550 no such user"
    work_all(Worker(committed_database, mail_settings, Event()))
    assert handouts(committed_database) == [None]


def test_without_a_server_nothing_is_noted_as_mailed(committed_database, settings):
    fill(committed_database, 1)
    work_all(Worker(committed_database, settings, Event()))
    assert (unsent(committed_database), handouts(committed_database)) == (0, [None])


def test_an_hour_without_a_server_delays_mail_and_loses_none(
    committed_database, mail_settings, mailbox, smtp
):
    fill(committed_database, 3)
    down = mail_settings | {"mail.port": 1}
    work_all(Worker(committed_database, down, Event()), NOON)
    assert (unsent(committed_database), mailbox.received) == (3, [])
    work_all(Worker(committed_database, mail_settings, Event()), NOON + timedelta(hours=1))
    assert (unsent(committed_database), len(mailbox.received)) == (0, 3)


@pytest.mark.parametrize("backend", ["postgresql"])
def test_two_workers_send_each_mail_once(committed_database, mail_settings, mailbox):
    fill(committed_database, 20)
    workers = [Worker(committed_database, mail_settings, Event()) for _ in range(2)]
    threads = [Thread(target=work_all, args=[worker]) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    sent = [envelope.content for envelope in mailbox.received]
    assert len(sent) == 20
    assert len({line for text in sent for line in text.splitlines() if b"Message-ID" in line}) == 20


def test_one_that_cannot_be_written_does_not_keep_the_others_back(
    committed_database, mail_settings, mailbox
):
    fill(committed_database, 2)
    with Session(committed_database) as session, session.begin():
        first = session.scalar(select(func.min(OutgoingMail.id)))
        session.execute(
            update(OutgoingMail).where(OutgoingMail.id == first).values(recipient="not an address")
        )
    work_all(Worker(committed_database, mail_settings, Event()))
    assert (len(mailbox.received), unsent(committed_database)) == (1, 1)


@pytest.mark.parametrize("recipient", ["", "a..b@x.fr", "a@", "not an address", "a@b\nBcc: c@d.fr"])
def test_one_that_can_never_be_written_ends_at_once_and_is_kept(
    committed_database, mail_settings, mailbox, recipient
):
    fill(committed_database, 1)
    with Session(committed_database) as session, session.begin():
        session.execute(update(OutgoingMail).values(recipient=recipient))
    with capture_logs() as said:
        work_all(Worker(committed_database, mail_settings, Event()))
    with Session(committed_database) as session:
        (mail,) = session.scalars(select(OutgoingMail).where(GIVEN_UP))
        assert mail.last_error.startswith("not written")
    assert [line["event"] for line in said if line["log_level"] == "error"] == [
        "mail can never be written"
    ]
    assert mailbox.received == []


def test_a_forgotten_password_is_answered_at_the_address_of_an_account_only(
    committed_database, mail_settings, mailbox
):
    with Session(committed_database) as session, session.begin():
        make_account(session, email=EMAIL)
        for email in (EMAIL, "nobody@example.org"):
            ask_new_password(session, email, "fr", NOON)
    work_all(Worker(committed_database, mail_settings, Event()))
    assert [envelope.rcpt_tos for envelope in mailbox.received] == [[EMAIL]]
    assert unsent(committed_database) == 0
    with Session(committed_database) as session:
        assert session.scalar(select(func.count()).select_from(AccountToken)) == 1


def test_it_forgets_links_guesses_and_mail_about_accounts_that_are_old(
    committed_database, mail_settings
):
    now, old = datetime.now(UTC), datetime.now(UTC) - timedelta(days=100)
    with Session(committed_database) as session, session.begin():
        account = make_account(session, email=EMAIL, email_verified_at=NOON)
        for at in (now, old):
            issue_link(session, account, Purpose.NEW_PASSWORD, EMAIL, at)
            begin_attempt(session, EMAIL, "192.0.2.1", at)
            notify_account(session, account, News(MailKind.PASSWORD_CHANGED), at)
    Worker(committed_database, mail_settings, Event()).work_once(now)
    with Session(committed_database) as session:
        for table in (AccountToken, SignInAttempt, OutgoingMail):
            assert session.scalar(select(func.count()).select_from(table)) == 1


def test_it_forgets_the_baskets_that_nobody_used(committed_database, mail_settings):
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        make_basket(session, pizzeria, now=datetime.now(UTC) - timedelta(days=40))
        make_basket(session, pizzeria, now=datetime.now(UTC))
    Worker(committed_database, mail_settings, Event()).work_once(datetime.now(UTC))
    with Session(committed_database) as session:
        assert session.scalar(select(func.count(Basket.id))) == 1


def test_it_erases_what_is_old_a_few_at_a_time_and_says_so(
    committed_database, mail_settings, mailbox
):
    now = datetime.now(UTC)
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        old, recent = (
            order_of(session, pizzeria, status=Status.DELIVERED, now=at).id
            for at in (now - timedelta(days=1100), now - timedelta(days=1000))
        )
        long_ago = now - timedelta(days=1080)
        unused = make_account(session, created_at=long_ago, email_verified_at=long_ago).id
        unconfirmed = make_account(session, created_at=now - timedelta(days=31)).id
    with capture_logs() as said:
        work_all(Worker(committed_database, mail_settings, Event()), now)
    assert {(line["event"], line["count"]) for line in said if "count" in line} == {
        ("forgot baskets that nobody used", 2),
        ("erased the customers of old orders", 1),
        ("announced the erasure of unused accounts", 1),
        ("erased accounts that were never confirmed", 1),
    }
    with Session(committed_database) as session:
        assert session.get_one(Order, old).phone is None
        assert session.get_one(Order, recent).phone
        assert session.get_one(Account, unused).email
        assert session.get_one(Account, unconfirmed).email is None
    (envelope,) = mailbox.received
    assert b"/compte/donnees" in envelope.content


def test_the_last_mail_is_sent_and_its_address_is_not_kept(
    committed_database, mail_settings, mailbox
):
    with Session(committed_database) as session, session.begin():
        account = make_account(session, email=EMAIL, email_verified_at=NOON)
        erase_account(session, account.id, NOON)
    work_all(Worker(committed_database, mail_settings, Event()))
    (envelope,) = mailbox.received
    assert envelope.rcpt_tos == [EMAIL]
    with Session(committed_database) as session:
        assert session.scalars(select(OutgoingMail.recipient)).all() in ([""], [])


def test_it_stops_when_told_to_and_outlives_a_database_that_fails(
    committed_database, mail_settings, tmp_path
):
    broken = make_engine(f"sqlite:///{tmp_path}/nothing-in-it.sqlite")
    worker = Worker(broken, mail_settings, Event())
    thread = Thread(target=worker.run)
    thread.start()
    worker.stop.wait(0.2)
    assert thread.is_alive()
    worker.stop.set()
    thread.join(60)
    assert not thread.is_alive()
    broken.dispose()

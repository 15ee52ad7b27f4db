"""A server that refuses us loses no mail, told of once; one refused address ends one mail."""

from datetime import timedelta
from threading import Event

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from factories import NOON, make_account
from ocpizza.models.mail import MailKind, OutgoingMail
from ocpizza.operations import status
from ocpizza.operations.work import Worker
from ocpizza.services.account.notify import News, notify_account
from ocpizza.services.outbox.send import GIVEN_UP, UNSENT
from ocpizza.services.privacy.erase_account import erase_account

MANY = 8
LATER = NOON + timedelta(days=1)


@pytest.fixture
def worker(committed_database, mail_settings):
    return Worker(committed_database, mail_settings, Event())


def fill(engine, count=MANY) -> None:
    owe(engine, *(f"guest{n}@example.org" for n in range(count)))


def owe(engine, *emails: str) -> None:
    """Mail that waits for these addresses, of a kind that comes without a document."""
    news = [News(MailKind.PASSWORD_CHANGED, {"first": False}, recipient=each) for each in emails]
    with Session(engine) as session, session.begin():
        for each in news:
            notify_account(session, make_account(session), each, NOON)


def passes(worker, count: int, start=LATER) -> list[dict]:
    """As many passes, a minute apart: what they logged of mail."""
    with capture_logs() as said:
        for n in range(count):
            while worker.work_once(start + timedelta(minutes=n)):
                pass
    return [line for line in said if "mail" in line["event"]]


def counts(engine) -> tuple[int, int]:
    """(waiting, given up)."""
    with Session(engine) as session:
        found = [session.scalars(select(OutgoingMail.id).where(one)) for one in (UNSENT, GIVEN_UP)]
        return tuple(len(ids.all()) for ids in found)


@pytest.mark.parametrize(
    ("step", "answer", "why"),
    [
        ("RCPT", "554 <guest@example.org>: relay access denied", "554 at RCPT"),
        ("RCPT", "550 5.7.1 relaying denied", "550 5.7.1 at RCPT"),
        ("RCPT", "550 no", "550 at RCPT"),
        ("MAIL", "550 5.1.8 commandes@ocpizza.fr", "550 at MAIL"),
        ("DATA", "554 spam", "554 at DATA"),
    ],
)
def test_a_server_that_refuses_everybody_loses_nothing_and_is_told_of_once(
    committed_database, mail_settings, mailbox, worker, step, answer, why
):
    fill(committed_database)
    mailbox.answers[step] = answer
    said = passes(worker, 12)
    assert counts(committed_database) == (MANY, 0)
    incident = [line for line in said if line["log_level"] == "error"]
    assert [line["event"] for line in incident] == ["the mail server refuses our mail"]
    assert incident[0]["reason"] == why
    assert "@" not in str(said)
    row = status.mail(mail_settings)
    since = f"the mail server refuses our mail since {LATER:%Y-%m-%d %H:%M} UTC ({why}); "
    assert not row.well
    assert row.says.startswith(f"{since}{MANY} waiting, ")
    assert "given up" not in row.says
    mailbox.answers.clear()
    said = passes(worker, 1, LATER + timedelta(hours=2))
    assert [line["event"] for line in said] == ["the mail server takes our mail again"]
    assert len(mailbox.received) == MANY
    assert counts(committed_database) == (0, 0)
    assert status.mail(mail_settings).well


def test_a_worker_that_dies_before_it_knows_whom_they_refuse_loses_nothing(
    committed_database, mail_settings, mailbox
):
    """Each pass is another worker's: one mail ends, then it dies."""
    mailbox.answers["RCPT"] = "550 no"
    for n in range(3):
        owe(committed_database, f"guest{n}@example.org")
        worker = Worker(committed_database, mail_settings, Event())
        passes(worker, 1, LATER + timedelta(minutes=n))
        assert counts(committed_database) == ((0, n + 1) if n < 2 else (3, 0))
    mailbox.answers.clear()
    passes(Worker(committed_database, mail_settings, Event()), 1, LATER + timedelta(hours=2))
    assert len(mailbox.received) == 3


@pytest.mark.parametrize("between", ["a mail that they took", "a day"])
def test_what_ended_long_ago_is_no_sign_of_today(
    committed_database, mail_settings, mailbox, between
):
    taken = ["julia@example.org"] if between == "a mail that they took" else []
    for n in range(3):
        owe(committed_database, f"guest{n}@example.org", *taken)
        mailbox.refused[f"guest{n}@example.org"] = "550 5.1.1 unknown"
        worker = Worker(committed_database, mail_settings, Event())
        passes(worker, 1, LATER + n * timedelta(days=1, minutes=1))
    assert counts(committed_database) == (0, 3)


def test_one_refused_address_ends_that_mail_alone_and_is_seen(
    committed_database, mail_settings, mailbox, worker
):
    fill(committed_database)
    for n in (1, 2, 4, 5, 7):
        mailbox.refused[f"guest{n}@example.org"] = "550 5.1.1 unknown"
    said = passes(worker, 1)
    assert (len(mailbox.received), counts(committed_database)) == (3, (0, 5))
    assert {(line["event"], line["reason"]) for line in said} == {
        ("mail given up", "550 5.1.1 at RCPT")
    }
    assert len(said) == 5


def test_a_pass_stops_at_the_third_refusal_and_tries_one_mail_at_a_time_from_then_on(
    committed_database, mailbox, worker
):
    fill(committed_database)
    mailbox.answers["RCPT"] = "550 no"
    tried = []
    for n in range(3):
        passes(worker, 1, LATER + timedelta(minutes=n))
        with Session(committed_database) as session:
            tried.append(sum(session.scalars(select(OutgoingMail.attempts))))
    assert tried == [3, 4, 5]


def test_the_same_address_thrice_is_one_refusal(committed_database, mailbox, worker):
    owe(committed_database, "Guest@example.org", "guest@example.org", "guest@example.org")
    mailbox.answers["RCPT"] = "550 no"
    passes(worker, 1)
    assert counts(committed_database) == (0, 3)


def test_an_address_that_only_is_refused_with_554_waits_and_marks_nothing_else(
    committed_database, mail_settings, mailbox, worker
):
    fill(committed_database, 2)
    mailbox.refused["guest0@example.org"] = "554 no"
    passes(worker, 1)
    assert (len(mailbox.received), counts(committed_database)) == (1, (1, 0))
    assert "refuses" not in status.mail(mail_settings).says


def test_the_last_mail_of_an_erased_account_keeps_its_address_until_it_is_known_whom_they_refuse(
    committed_database, mailbox, worker
):
    with Session(committed_database) as session, session.begin():
        for n in range(3):
            email = f"owner{n}@example.org"
            account = make_account(session, email=email, email_verified_at=NOON)
            erase_account(session, account.id, NOON)
    mailbox.answers["RCPT"] = "550 no"
    passes(worker, 1)
    assert counts(committed_database) == (3, 0)
    mailbox.answers.clear()
    passes(worker, 1, LATER + timedelta(hours=2))
    assert len(mailbox.received) == 3
    with Session(committed_database) as session:
        assert set(session.scalars(select(OutgoingMail.recipient))) <= {""}

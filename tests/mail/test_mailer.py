"""Messages handed over to a real SMTP server, and what may go wrong there."""

import socket
from email.message import EmailMessage

import pytest

from ocpizza.mail.mailer import NullMailer, SmtpMailer, make_mailer
from ocpizza.services.outbox.send import NotSent
from ocpizza.setting_values import Security

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def message():
    message = EmailMessage()
    message["From"], message["To"] = "commandes@ocpizza.fr", "julia@example.org"
    message["Subject"] = "Commande confirmée"
    message.set_content("Bonjour")
    return message


def test_a_message_arrives(mail_settings, mailbox, message):
    make_mailer(mail_settings).send(message)
    (envelope,) = mailbox.received
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "commandes@ocpizza.fr",
        ["julia@example.org"],
    )


def test_the_server_may_ask_for_a_password(mail_settings, mailbox, message):
    right = mail_settings | {"mail.user": "ocpizza", "mail.password": "secret"}
    SmtpMailer(right).send(message)
    assert len(mailbox.received) == 1
    with pytest.raises(NotSent) as refusal:
        SmtpMailer(right | {"mail.password": "wrong"}).send(message)
    assert (refusal.value.final, refusal.value.by_relay) == (False, True)
    assert "secret" not in str(refusal.value)


FINAL, BY_RELAY, LATER = (True, False), (False, True), (False, False)


@pytest.mark.parametrize(
    ("step", "answer", "kind", "short"),
    [
        ("RCPT", "550 no such user", FINAL, "550 at RCPT"),
        ("RCPT", "550 5.1.1 <julia@example.org>: unknown", FINAL, "550 5.1.1 at RCPT"),
        ("RCPT", "551 5.1.6 moved", FINAL, "551 5.1.6 at RCPT"),
        ("RCPT", "552 5.2.2 mailbox full", FINAL, "552 5.2.2 at RCPT"),
        ("RCPT", "553 5.1.3 bad address", FINAL, "553 5.1.3 at RCPT"),
        ("RCPT", "550 5.7.1 relaying denied", BY_RELAY, "550 5.7.1 at RCPT"),
        ("RCPT", "553 5.7.1 not your address", BY_RELAY, "553 5.7.1 at RCPT"),
        ("RCPT", "550 5.1.8 sender's domain not found", BY_RELAY, "550 5.1.8 at RCPT"),
        ("RCPT", "552 5.3.4 too big", BY_RELAY, "552 5.3.4 at RCPT"),
        ("RCPT", "554 <julia@example.org>: relay access denied", BY_RELAY, "554 at RCPT"),
        ("RCPT", "554 5.7.1 relay access denied", BY_RELAY, "554 5.7.1 at RCPT"),
        ("RCPT", "530 5.7.0 sign in first", BY_RELAY, "530 5.7.0 at RCPT"),
        ("RCPT", "503 no", BY_RELAY, "503 at RCPT"),
        ("RCPT", "421 4.3.2 closing", BY_RELAY, "421 4.3.2 at RCPT"),
        ("RCPT", "450 later", LATER, "450 at RCPT"),
        ("RCPT", "451 4.7.1 greylisted", LATER, "451 4.7.1 at RCPT"),
        ("MAIL", "550 5.1.8 <commandes@ocpizza.fr>: no", BY_RELAY, "550 at MAIL"),
        ("MAIL", "451 later", BY_RELAY, "451 at MAIL"),
        ("DATA", "550 for <julia@example.org>", BY_RELAY, "550 at DATA"),
        ("DATA", "554 5.6.0 julia@example.org", BY_RELAY, "554 at DATA"),
    ],
)
def test_only_the_refusal_of_one_address_is_final(
    mail_settings, mailbox, message, step, answer, kind, short
):
    mailbox.answers[step] = answer
    with pytest.raises(NotSent) as refusal:
        SmtpMailer(mail_settings).send(message)
    assert (refusal.value.final, refusal.value.by_relay) == kind
    assert refusal.value.short == short


def test_a_server_that_is_down_is_worth_another_try(settings, message):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    down = settings | {"mail.host": "127.0.0.1", "mail.port": port}
    with pytest.raises(NotSent) as refusal:
        SmtpMailer(down).send(message)
    assert (refusal.value.final, refusal.value.by_relay) == (False, True)
    assert refusal.value.short == "ConnectionRefusedError"


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_without_the_protection_asked_for_gets_nothing(
    mail_settings, mailbox, message, security
):
    with pytest.raises(NotSent):
        SmtpMailer(mail_settings | {"mail.security": security}).send(message)
    assert mailbox.received == []


def test_without_a_server_nothing_is_sent(settings, message):
    mailer = make_mailer(settings)
    assert isinstance(mailer, NullMailer)
    mailer.send(message)

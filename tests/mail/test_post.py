"""Messages handed over to a real SMTP server, and what may go wrong there."""

import socket
from email.message import EmailMessage

import pytest

from ocpizza.mail.post import NullPost, SmtpPost, make_post
from ocpizza.services.send_mail import NotSent
from ocpizza.settings import Security

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def message():
    message = EmailMessage()
    message["From"], message["To"] = "commandes@ocpizza.fr", "julia@example.org"
    message["Subject"] = "Commande confirmée"
    message.set_content("Bonjour")
    return message


def test_a_message_arrives(mail_settings, mailbox, message):
    make_post(mail_settings).send(message)
    (envelope,) = mailbox.received
    assert (envelope.mail_from, envelope.rcpt_tos) == (
        "commandes@ocpizza.fr",
        ["julia@example.org"],
    )


def test_the_server_may_ask_for_a_password(mail_settings, mailbox, message):
    right = mail_settings | {"mail.user": "ocpizza", "mail.password": "secret"}
    SmtpPost(right).send(message)
    assert len(mailbox.received) == 1
    with pytest.raises(NotSent) as refusal:
        SmtpPost(right | {"mail.password": "wrong"}).send(message)
    assert not refusal.value.final
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(("answer", "final"), [("550 no such user", True), ("450 later", False)])
def test_a_refused_address_is_final_or_not_as_the_server_says(
    mail_settings, mailbox, message, answer, final
):
    mailbox.refused["julia@example.org"] = answer
    with pytest.raises(NotSent) as refusal:
        SmtpPost(mail_settings).send(message)
    assert refusal.value.final is final


def test_a_server_that_is_down_is_worth_another_try(settings, message):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    down = settings | {"mail.host": "127.0.0.1", "mail.port": port}
    with pytest.raises(NotSent) as refusal:
        SmtpPost(down).send(message)
    assert not refusal.value.final


@pytest.mark.parametrize("security", [Security.STARTTLS, Security.TLS])
def test_a_server_without_the_protection_asked_for_gets_nothing(
    mail_settings, mailbox, message, security
):
    with pytest.raises(NotSent):
        SmtpPost(mail_settings | {"mail.security": security}).send(message)
    assert mailbox.received == []


def test_without_a_server_nothing_is_sent(settings, message):
    post = make_post(settings)
    assert isinstance(post, NullPost)
    post.send(message)

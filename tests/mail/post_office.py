"""A real SMTP server on loopback."""

import socket

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Mailbox:
    """Keeps what it is sent; refuses whom `refused` names with that answer."""

    def __init__(self) -> None:
        self.received: list = []
        self.refused: dict[str, str] = {}
        # The answers to a command for everybody, until they are taken out again.
        self.answers: dict[str, str] = {}

    async def handle_MAIL(self, server, session, envelope, address, options):
        if answer := self.answers.get("MAIL"):
            return answer
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if answer := self.refused.get(address) or self.answers.get("RCPT"):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if answer := self.answers.get("DATA"):
            return answer
        self.received.append(envelope)
        return "250 OK"


def let_in(server, session, envelope, mechanism, data):
    known = (data.login, data.password) == (b"ocpizza", b"secret")
    return AuthResult(success=known)


@pytest.fixture
def mailbox():
    return Mailbox()


@pytest.fixture
def smtp(mailbox):
    """A running server; `port` is where."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=port, authenticator=let_in, auth_require_tls=False
    )
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def mail_settings(settings, smtp):
    """The application's settings, with this server."""
    return settings | {"mail.host": "127.0.0.1", "mail.port": smtp.port}


@pytest.fixture
def watched(mail_settings):
    """Settings that name whom to tell of what fails."""
    mail_settings["folders.state"].mkdir()
    return mail_settings | {"supervision.email": "exploitation@example.org"}

"""Ways to send a message: through the SMTP server of the settings, or not at all."""

import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from typing import Protocol

import structlog

from ocpizza.services.send_mail import NotSent
from ocpizza.settings import Security, Settings

TIMEOUT = 20
log = structlog.get_logger()


class Post(Protocol):
    """Where messages are handed over."""

    def send(self, message: EmailMessage) -> bool:
        """Hand it over; whether there was anybody to hand it to. Raises NotSent."""


class NullPost:
    """Sends nothing, where no server is set."""

    def send(self, message: EmailMessage) -> bool:
        log.info("mail not sent: no server is set", subject=message["Subject"])
        return False


class SmtpPost:
    """Sends each message through a connection of its own."""

    def __init__(self, settings: Settings) -> None:
        self.host, self.port = settings["mail.host"], settings["mail.port"]
        self.security: Security = settings["mail.security"]
        self.user, self.password = settings["mail.user"], settings["mail.password"]

    def send(self, message: EmailMessage) -> bool:
        try:
            with self._connect() as server:
                if self.security is Security.STARTTLS:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                # Not `send_message`, which reads the recipients out of the headers by itself.
                to = [one.addr_spec for one in message["To"].addresses]
                sender = message["From"].addresses[0].addr_spec
                server.sendmail(sender, to, message.as_bytes(policy=SMTP))
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise NotSent(f"refused: {codes}", final=all(code >= 500 for code in codes)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise NotSent(f"{type(error).__name__}: {error}", final=False) from error
        return True

    def _connect(self) -> smtplib.SMTP:
        if self.security is Security.TLS:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)


def make_post(settings: Settings) -> Post:
    """The way to send that the settings name."""
    return SmtpPost(settings) if settings["mail.host"] else NullPost()

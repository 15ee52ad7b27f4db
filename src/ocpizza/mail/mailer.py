"""Ways to send a message: through the SMTP server of the settings, or not at all."""

import re
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import SMTP
from typing import Protocol

import structlog

from ocpizza.services.outbox.send import NotSent
from ocpizza.setting_values import Security
from ocpizza.settings import Settings

TIMEOUT = 20
# What speaks of one address, unless the server's enhanced code says that it refuses us (RFC 3463):
# its rules or ours, the sender's address, or the server itself.
OF_ADDRESS = frozenset({550, 551, 552, 553})
OF_US = re.compile(r"5\.(7\.\d+|1\.[78]|3\.\d+)\b")
# After which command the server refused.
STEPS = {
    smtplib.SMTPConnectError: "connection",
    smtplib.SMTPHeloError: "EHLO",
    smtplib.SMTPAuthenticationError: "AUTH",
    smtplib.SMTPSenderRefused: "MAIL",
    smtplib.SMTPDataError: "DATA",
}
log = structlog.get_logger()


class Mailer(Protocol):
    """Where messages are handed over."""

    def send(self, message: EmailMessage) -> bool:
        """Hand it over; whether there was anybody to hand it to. Raises NotSent."""


class NullMailer:
    """Sends nothing, where no server is set."""

    def send(self, message: EmailMessage) -> bool:
        log.info("mail not sent: no server is set", subject=message["Subject"])
        return False


class SmtpMailer:
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
            raise _refused(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPResponseException as error:
            step = STEPS.get(type(error), "another step")
            reason = f"{error.smtp_code} at {step}: {_text(error.smtp_error)}"
            raise NotSent(reason, final=False, by_relay=True) from error
        except (OSError, smtplib.SMTPException) as error:
            reason = f"{type(error).__name__}: {error}"
            raise NotSent(reason, final=False, by_relay=True) from error
        return True

    def _connect(self) -> smtplib.SMTP:
        if self.security is Security.TLS:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)


def _refused(code: int, answer: bytes | str) -> NotSent:
    """Return what an answer at RCPT means: for this address, for all of ours, or for later."""
    text = _text(answer)
    enhanced = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", text)
    reason = f"{code}{f' {enhanced[0]}' if enhanced else ''} at RCPT: {text}"
    final = code in OF_ADDRESS and not OF_US.match(text)
    return NotSent(reason, final=final, by_relay=not final and (code >= 500 or code == 421))


def _text(answer: bytes | str) -> str:
    return answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def make_mailer(settings: Settings) -> Mailer:
    """Return the way to send that the settings name."""
    return SmtpMailer(settings) if settings["mail.host"] else NullMailer()

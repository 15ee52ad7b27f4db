"""Letters to whoever looks after the site: in French, of machines and not of people."""

import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import make_msgid

from ocpizza.domain.hours import PARIS
from ocpizza.mail.mailer import make_mailer
from ocpizza.services.outbox.send import NotSent
from ocpizza.settings import Settings


class NotTold(Exception):
    """The letter could not be written or did not leave; the message says why."""


@dataclass(frozen=True)
class Letter:
    """What happened, on which machine is added; `text` has places for `values`, machine and at."""

    subject: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)


def send(settings: Settings, letter: Letter, now: datetime) -> bool:
    """Send it to `supervision.email`; whether there was anybody to give it to. Raises NotTold."""
    try:
        return make_mailer(settings).send(_message(settings, letter, now))
    except NotSent as error:
        raise NotTold(f"nobody could be told: {error.short}") from error


def _message(settings: Settings, letter: Letter, now: datetime) -> EmailMessage:
    sender: str = settings["mail.sender"]
    machine = socket.gethostname()
    message = EmailMessage()
    message["From"] = sender
    message["To"] = settings["supervision.email"]
    message["Subject"] = f"OC Pizza : {letter.subject} sur {machine}"
    message["Date"] = now
    message["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    at = now.astimezone(PARIS)
    message.set_content(letter.text.format(**letter.values, at=at, machine=machine))
    return message

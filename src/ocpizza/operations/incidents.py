"""A unit of the site has failed: whoever looks after it is written to, once an incident."""

import os
import re
import socket
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path

import structlog

from ocpizza.domain.hours import PARIS
from ocpizza.mail.mailer import make_mailer
from ocpizza.services.outbox.send import NotSent
from ocpizza.settings import Settings

# One that fails again within this time has not been well in between.
QUIET = timedelta(hours=1)
# Of a template, too: `ocpizza-cyclic-update@city_002.service`.
UNIT = re.compile(r"[a-z][a-z0-9-]*(@[A-Za-z0-9_:\\-][A-Za-z0-9_:.\\-]*)?\.[a-z]+")
log = structlog.get_logger()
TEXT = """\
{unit} a échoué sur la machine {machine} (message écrit le {at:%d/%m/%Y à %H:%M}, heure de Paris).

Ce qu’en dit le journal :

    sudo journalctl -u {unit} -n 50

L’état du site :

    sudo ocpizza status

Vous ne recevrez pas d’autre message à ce sujet tant que les échecs se suivent à moins d’une heure.
"""


class NotTold(Exception):
    """The unit's name cannot be one, or the message did not leave; this one says why."""


def tell_failure(settings: Settings, unit: str, now: datetime) -> bool:
    """Write to `supervision.email` that a unit, such as `ocpizza.service`, failed; whether one did.

    Nobody is written to twice about an incident: failures with less than an hour between them.
    Raises NotTold, and then the next failure is told.
    """
    if not UNIT.fullmatch(unit):
        raise NotTold(f"{unit!r} is no unit of the site")
    if not settings["supervision.email"]:
        return False
    mark: Path = settings["folders.state"] / "incidents" / unit
    lasts = _lasts(mark, now)
    told = not lasts and _send(settings, _message(settings, unit, now))
    if told or lasts:
        _note(mark, now)
    return told


def _lasts(mark: Path, now: datetime) -> bool:
    try:
        last = datetime.fromtimestamp(mark.stat().st_mtime, UTC)
    except OSError:
        return False
    # A clock that was set back must not silence failures for long.
    return abs(now - last) < QUIET


def _note(mark: Path, now: datetime) -> None:
    try:
        mark.parent.mkdir(exist_ok=True)
        mark.touch()
        os.utime(mark, (now.timestamp(), now.timestamp()))
    except OSError as error:
        # A disk that is full or read-only may be the incident: it is told, though more than once.
        log.warning("an incident cannot be noted and may be told again", reason=str(error))


def _send(settings: Settings, message: EmailMessage) -> bool:
    try:
        return make_mailer(settings).send(message)
    except NotSent as error:
        raise NotTold(f"nobody could be told: {error.short}") from error


def _message(settings: Settings, unit: str, now: datetime) -> EmailMessage:
    sender: str = settings["mail.sender"]
    machine = socket.gethostname()
    message = EmailMessage()
    message["From"] = sender
    message["To"] = settings["supervision.email"]
    message["Subject"] = f"OC Pizza : {unit} a échoué sur {machine}"
    message["Date"] = now
    message["Message-ID"] = make_msgid(domain=sender.partition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(TEXT.format(unit=unit, at=now.astimezone(PARIS), machine=machine))
    return message

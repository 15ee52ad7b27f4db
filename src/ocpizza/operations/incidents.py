"""A unit of the site has failed: whoever looks after it is written to, once an incident."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import structlog

from ocpizza.operations.letters import Letter, NotTold, send
from ocpizza.settings import Settings

__all__ = ["NotTold", "tell_failure"]

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


def tell_failure(settings: Settings, unit: str, now: datetime) -> bool:
    """Write to `supervision.email` that a unit, such as `ocpizza.service`, failed; whether one did.

    Nobody is written to twice about an incident: failures with less than an hour between them.
    Raises NotTold, for what is no name of a unit too, and then the next failure is told.
    """
    if not UNIT.fullmatch(unit):
        raise NotTold(f"{unit!r} is no unit of the site")
    if not settings["supervision.email"]:
        return False
    mark: Path = settings["folders.state"] / "incidents" / unit
    lasts = _lasts(mark, now)
    told = not lasts and send(settings, Letter(f"{unit} a échoué", TEXT, {"unit": unit}), now)
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

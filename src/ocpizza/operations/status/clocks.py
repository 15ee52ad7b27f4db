"""The row about the clock: payments, sessions and certificates are judged by it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, func, select

import ocpizza
from ocpizza.models.mail import OutgoingMail
from ocpizza.operations import systemd
from ocpizza.operations.privileges import run
from ocpizza.operations.status.asking import DatabaseSilent, ask
from ocpizza.operations.status.row import Row, amiss, fine
from ocpizza.settings import Settings

FAR = timedelta(minutes=1)
# Files are dated by whoever made the package, mail by another host of the shop perhaps.
AHEAD = timedelta(minutes=5)
UNKEPT = "not synchronised"
DO = "timedatectl; sudo timedatectl set-ntp true, or first: sudo apt install systemd-timesyncd"


def clock(settings: Settings) -> Row:
    """Whether somebody keeps it right, and whether it is far from what is known."""
    kept = _kept()
    wrong = [*([kept] if kept == UNKEPT else []), *_far(settings)]
    return amiss("clock", "; ".join(wrong), DO) if wrong else fine("clock", kept)


def _kept() -> str:
    if not systemd.is_running():
        return "who keeps it is not known"
    # A container has its host's.
    if _said("systemd-detect-virt", "--container") not in ("", "none"):
        return "the host keeps it"
    synchronised = _said("timedatectl", "show", "--property=NTPSynchronized", "--value")
    return {"yes": "synchronised", "no": UNKEPT}.get(synchronised, "who keeps it is not known")


def _said(*command: str) -> str:
    try:
        return run(command).stdout.strip()
    except OSError:
        return ""


def _far(settings: Settings) -> Iterator[str]:
    made_at = datetime.fromtimestamp(Path(ocpizza.__file__).stat().st_mtime, UTC)
    if made_at - datetime.now(UTC) > AHEAD:
        yield f"it is before this version was made, on {made_at:%Y-%m-%d}"
    try:
        ahead, newest = ask(settings, as_the_database_knows)
    except DatabaseSilent:
        # Which has a row of its own.
        return
    if abs(ahead) > FAR:
        yield f"{abs(ahead).total_seconds():.0f} s from the database’s"
    if newest and newest - datetime.now(UTC) > AHEAD:
        yield f"it is before the newest mail was written, on {newest:%Y-%m-%d %H:%M} UTC"


def as_the_database_knows(connection: Connection) -> tuple[timedelta, datetime | None]:
    """Return how far ahead of ours its clock is, and when the newest mail was written."""
    newest = connection.scalar(select(func.max(OutgoingMail.created_at)))
    ahead = timedelta(0)
    if connection.dialect.name == "postgresql":
        says = connection.scalar(select(func.clock_timestamp()))
        ahead = says - datetime.now(UTC) if says else ahead
    return ahead, newest

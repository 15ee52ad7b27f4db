"""How the site is, a row a thing; updates are one more."""

import functools
from collections.abc import Callable
from concurrent.futures import BrokenExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from ocpizza import __version__
from ocpizza.db import make_engine, reason
from ocpizza.legal import left_to_fill_in
from ocpizza.models.mail import OutgoingMail
from ocpizza.operations import systemd
from ocpizza.operations.backup import looks
from ocpizza.operations.disks import OTHERS, disks
from ocpizza.operations.migrate import (
    MigrationError,
    current_revision,
    head_revision,
    serves,
)
from ocpizza.operations.privileges import run_as
from ocpizza.operations.probe import ProbeError, Site, probe
from ocpizza.operations.watchdog import TIMER
from ocpizza.services.outbox.send import GIVEN_UP, UNSENT
from ocpizza.settings import SettingError, Settings

SITE = Path("/etc/nginx/sites-enabled/ocpizza")
WITHOUT_SYSTEMD = "systemd is not running"
LATE_MAIL = timedelta(minutes=15)
GIVEN_UP_SHOWN = timedelta(days=7)


class DatabaseSilent(Exception):
    """The database does not answer; the message says why."""


@dataclass(frozen=True)
class Row:
    """One thing, whether it is well, and what there is to say about it."""

    name: str
    well: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok ' if self.well else 'BAD'}  {self.name:11} {self.says}"

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def rows(settings: Settings) -> list[Row]:
    """Every row, in the order of reading."""
    return [look(settings) for look in LOOKS]


def well(found: list[Row]) -> bool:
    """Whether nothing is amiss."""
    return all(row.well for row in found)


def version(_settings: Settings) -> Row:
    """The program's."""
    return Row("version", True, __version__)


def service(_settings: Settings) -> Row:
    """gunicorn's unit."""
    return _unit("service", "ocpizza.service")


def socket(_settings: Settings) -> Row:
    """What nginx speaks to."""
    return _unit("socket", "ocpizza.socket")


def worker(_settings: Settings) -> Row:
    """What sends the mail."""
    return _unit("worker", "ocpizza-worker.service")


def watchdog(_settings: Settings) -> Row:
    """What starts a site anew that answers nobody."""
    if not systemd.is_running():
        return Row("watchdog", False, WITHOUT_SYSTEMD)
    if systemd.active_state(TIMER) == "active":
        return Row("watchdog", True, "looks every minute")
    return Row("watchdog", False, f"off: sudo systemctl enable --now {TIMER}")


def database(settings: Settings) -> Row:
    """Its kind and version, if it answers the service's user."""
    try:
        return Row("database", True, _ask(settings, _server_version))
    except DatabaseSilent as error:
        return Row("database", False, str(error))


def migrations(settings: Settings) -> Row:
    """The schema that the database has, and the one that this version needs."""
    try:
        needed = head_revision(settings["database.migrations"])
        found, served = _ask(settings, functools.partial(_schema, needed))
    except (DatabaseSilent, MigrationError) as error:
        return Row("migrations", False, str(error))
    if found == needed:
        return Row("migrations", True, f"schema {found}")
    says = f"schema {found}, needed: {needed}"
    return Row("migrations", served, f"{says}, which it still serves" if served else says)


def mail(settings: Settings) -> Row:
    """The outbox: how much waits in it, for how long, and what was given up lately."""
    try:
        count, oldest = _ask(settings, _waiting_mail)
        given_up = _ask(settings, _given_up_mail)
        refusal = _ask(settings, _relay_refuses)
    except DatabaseSilent as error:
        return Row("mail", False, str(error))
    lost = f"; {len(given_up)} given up this week, the last: {given_up[0]}" if given_up else ""
    if not count:
        return Row("mail", True, f"nothing waits{lost}")
    late = datetime.now(UTC) - oldest
    minutes = int(late.total_seconds()) // 60
    waiting = f"{count} waiting, the oldest for {minutes} min{lost}"
    if refusal:
        return Row("mail", False, f"{refusal}; {waiting}")
    return Row("mail", late < LATE_MAIL, waiting)


def legal(settings: Settings) -> Row:
    """What the legal pages lack: the site runs without, the company may not."""
    lacking = left_to_fill_in(settings)
    return Row("legal", True, f"to fill in: {', '.join(lacking)}" if lacking else "complete")


def website(_settings: Settings) -> Row:
    """Whether a visitor is answered, through nginx."""
    site = Site.of(SITE) if SITE.exists() else Site()
    try:
        probe("/health/ready", site)
    except ProbeError as error:
        return Row("website", False, str(error))
    return Row("website", True, f"{site} answers")


def disk(settings: Settings) -> Row:
    """The room that is left where the shop, its database and their logs are written."""
    ours = [settings[f"folders.{name}"] for name in ("state", "logs", "backups")]
    try:
        found = disks([*ours, *(folder for folder in OTHERS if folder.exists())])
    except OSError as error:
        return Row("disk", False, str(error))
    full = [disk for disk in found if not disk.well]
    says = "; ".join(map(str, full or found))
    return Row("disk", not full, f"{says}: make room there" if full else says)


def backup(settings: Settings) -> Row:
    """The newest archive."""
    return _asked("backup", settings, looks.last_backup)


def restoration(settings: Settings) -> Row:
    """When an archive was last seen to be one that can be restored."""
    return _asked("restoration", settings, looks.last_restoration)


LOOKS: tuple[Callable[[Settings], Row], ...] = (
    version,
    service,
    socket,
    worker,
    watchdog,
    database,
    migrations,
    mail,
    legal,
    website,
    backup,
    restoration,
    disk,
)


def _asked(name: str, settings: Settings, look: Callable[..., looks.Answer]) -> Row:
    try:
        return Row(name, *look(settings, lambda question: _ask(settings, question)))
    except (DatabaseSilent, OSError) as error:
        return Row(name, False, str(error))


def _unit(name: str, unit: str) -> Row:
    if not systemd.is_running():
        return Row(name, False, WITHOUT_SYSTEMD)
    found = systemd.show(unit, "ActiveState", "SubState")
    states = [found[state] for state in ("ActiveState", "SubState") if state in found]
    return Row(name, states[:1] == ["active"], " ".join(states) or "unknown")


def _schema(needed: str | None, connection: Connection) -> tuple[str | None, bool]:
    return current_revision(connection), serves(connection, needed)


def _ask(settings: Settings, question: Callable[[Connection], Any]) -> Any:
    """What the service's user learns from the database. Raises DatabaseSilent."""
    try:
        return run_as(settings["system.user"], _connect_and_ask, settings["database.url"], question)
    except (SettingError, BrokenExecutor) as error:
        raise DatabaseSilent(str(error)) from error


def _connect_and_ask(url: str, question: Callable[[Connection], Any]) -> Any:
    try:
        with make_engine(url, 1).connect() as connection:
            return question(connection)
    except SQLAlchemyError as error:
        raise DatabaseSilent(reason(error)) from None


def _waiting_mail(connection: Connection) -> tuple[int, datetime | None]:
    waiting = select(func.count(), func.min(OutgoingMail.created_at)).where(UNSENT)
    count, oldest = connection.execute(waiting).one()
    return count, oldest


def _relay_refuses(connection: Connection) -> str:
    """Since when the mail server takes nothing and why, without what it said; or nothing."""
    refused = OutgoingMail.refused_since
    since = connection.scalar(select(func.min(refused)).where(UNSENT))
    if since is None:
        return ""
    errors = select(OutgoingMail.last_error).where(UNSENT, refused.is_not(None))
    newest = errors.order_by(OutgoingMail.due_at.desc(), OutgoingMail.id.desc()).limit(1)
    why = (connection.scalar(newest) or "").partition(":")[0]
    return f"the mail server refuses our mail since {since:%Y-%m-%d %H:%M} UTC ({why})"


def _given_up_mail(connection: Connection) -> list[str]:
    """Why, the latest first; without what a server may have said of the address."""
    lately = OutgoingMail.due_at > datetime.now(UTC) - GIVEN_UP_SHOWN
    errors = select(OutgoingMail.last_error).where(GIVEN_UP, lately)
    found = connection.scalars(errors.order_by(OutgoingMail.due_at.desc(), OutgoingMail.id.desc()))
    return [(error or "forgotten").partition(":")[0] for error in found]


def _server_version(connection: Connection) -> str:
    numbers = connection.dialect.server_version_info or ()
    return f"{connection.dialect.name} {'.'.join(map(str, numbers))}"

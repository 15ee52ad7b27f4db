"""How the site is, a row a thing; timers, backups and updates are more rows."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from ocpizza import __version__
from ocpizza.db import make_engine, reason
from ocpizza.models.mail import OutgoingMail
from ocpizza.operations.migrate import current_revision, head_revision
from ocpizza.operations.privileges import run_as
from ocpizza.operations.probe import ProbeError, probe, site_name
from ocpizza.services.send_mail import UNSENT
from ocpizza.settings import SettingError, Settings

SITE = Path("/etc/nginx/sites-enabled/ocpizza")
LEAST_FREE_PERCENT = 5
LATE_MAIL = timedelta(minutes=15)


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


def version(settings: Settings) -> Row:
    return Row("version", True, __version__)


def service(settings: Settings) -> Row:
    return _unit("service", "ocpizza.service")


def socket(settings: Settings) -> Row:
    return _unit("socket", "ocpizza.socket")


def worker(settings: Settings) -> Row:
    return _unit("worker", "ocpizza-worker.service")


def database(settings: Settings) -> Row:
    return _asked("database", settings, _server_version)


def migrations(settings: Settings) -> Row:
    return _asked("migrations", settings, _revisions)


def mail(settings: Settings) -> Row:
    return _asked("mail", settings, _waiting_mail)


def website(settings: Settings) -> Row:
    try:
        name = site_name(SITE) if SITE.exists() else "localhost"
        probe("/health/ready", name)
    except (ProbeError, OSError) as error:
        return Row("website", False, str(error))
    return Row("website", True, f"http://{name} answers")


def disk(settings: Settings) -> Row:
    path = settings["folders.state"]
    while not path.exists():
        path = path.parent
    usage = shutil.disk_usage(path)
    percent = 100 * usage.free // usage.total
    free = f"{usage.free / 2**30:.1f} GiB free of {usage.total / 2**30:.1f} ({percent} %)"
    return Row("disk", percent >= LEAST_FREE_PERCENT, free)


LOOKS: tuple[Callable[[Settings], Row], ...] = (
    version,
    service,
    socket,
    worker,
    database,
    migrations,
    mail,
    website,
    disk,
)


def _unit(name: str, unit: str) -> Row:
    if not Path("/run/systemd/system").is_dir():
        return Row(name, False, "systemd is not running")
    command = ["systemctl", "show", "-P", "ActiveState", "-P", "SubState", unit]
    states = subprocess.run(command, capture_output=True, text=True).stdout.split()  # noqa: S603
    return Row(name, states[:1] == ["active"], " ".join(states) or "unknown")


def _asked(name: str, settings: Settings, question: Callable[[Settings], tuple[bool, str]]) -> Row:
    """What the service's user learns from the database."""
    try:
        return Row(name, *run_as(settings["system.user"], question, settings))
    except (SettingError, RuntimeError) as error:
        return Row(name, False, str(error))


def _server_version(settings: Settings) -> tuple[bool, str]:
    try:
        engine = make_engine(settings["database.url"], 1)
        with engine.connect():
            version = ".".join(map(str, engine.dialect.server_version_info or ()))
    except SettingError as error:
        return False, str(error)
    except SQLAlchemyError as error:
        return False, reason(error)
    return True, f"{engine.dialect.name} {version}"


def _waiting_mail(settings: Settings) -> tuple[bool, str]:
    waiting = select(func.count(), func.min(OutgoingMail.created_at)).where(UNSENT)
    try:
        with make_engine(settings["database.url"], 1).connect() as connection:
            count, oldest = connection.execute(waiting).one()
    except SettingError as error:
        return False, str(error)
    except SQLAlchemyError as error:
        return False, reason(error)
    if not count:
        return True, "nothing waits"
    late = datetime.now(UTC) - oldest
    minutes = int(late.total_seconds()) // 60
    return late < LATE_MAIL, f"{count} waiting, the oldest for {minutes} min"


def _revisions(settings: Settings) -> tuple[bool, str]:
    try:
        with make_engine(settings["database.url"], 1).connect() as connection:
            current = current_revision(connection)
    except SettingError as error:
        return False, str(error)
    except SQLAlchemyError as error:
        return False, reason(error)
    head = head_revision(settings["database.migrations"])
    return current == head, f"schema {current}" + ("" if current == head else f", needed: {head}")

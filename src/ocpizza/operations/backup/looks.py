"""What `ocpizza status` says of backups: whether there is one, and whether it could be restored."""

import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from ocpizza.models.job import JobRun
from ocpizza.models.order import Order
from ocpizza.operations.backup.age import told
from ocpizza.operations.backup.drill import last_drill
from ocpizza.operations.backup.encryption import MAGIC
from ocpizza.operations.backup.errors import BackupError, about
from ocpizza.operations.backup.folder import BackupFolder, made_at
from ocpizza.operations.backup.reading import peek
from ocpizza.operations.job_runs import TOO_OLD
from ocpizza.settings import Settings

AHEAD = timedelta(days=1)
Answer = tuple[bool, str]
Ask = Callable[[Callable[[Connection], Any]], Any]


def last_backup(settings: Settings, ask: Ask) -> Answer:
    """Whether the newest archive is young enough, and whole as far as a glance tells.

    Raises OSError for a folder or a file that cannot be read.
    """
    now = datetime.now(UTC)
    try:
        archives = BackupFolder(settings["folders.backups"]).archives()
        if not archives:
            return _none_yet(ask(_first_order), now)
        at = made_at(archives[0])
        if at - now > AHEAD:
            raise BackupError(f"{archives[0].name} is from the future: check the clock, remove it")
        _glance(archives[0])
    except BackupError as error:
        return False, f"{error}: sudo ocpizza backup"
    kept = f"{len(archives)} kept" if len(archives) > 1 else "the only one"
    says = f"{archives[0].name}, {told(now - at)} old, {kept}"
    if now - at > TOO_OLD:
        return False, f"{says}: systemctl list-timers ocpizza-backup.timer; sudo ocpizza backup"
    return True, says


def last_restoration(settings: Settings, ask: Ask) -> Answer:
    """Whether the last drill held, and not too long ago."""
    now = datetime.now(UTC)
    run: JobRun | None = ask(last_drill)
    if run is None:
        archives = BackupFolder(settings["folders.backups"]).archives()
        well = not archives or now - made_at(archives[-1]) < TOO_OLD
        return well, "never tried: sudo ocpizza restore --drill"
    on = f"{run.started_at:%Y-%m-%d %H:%M} UTC"
    if not run.succeeded:
        return False, f"failed on {on}: {run.error}; then: sudo ocpizza restore --drill"
    finished_at = run.finished_at or run.started_at
    took = (finished_at - run.started_at).total_seconds()
    age = told(run.started_at - made_at(Path(run.changes["archive"])))
    says = f"held on {on} in {took:.0f} s, with data {age} old"
    if now - run.started_at > TOO_OLD:
        return False, f"{says}: too long ago, sudo ocpizza restore --drill"
    return True, says


def _none_yet(first_order: datetime | None, now: datetime) -> Answer:
    """A shop that has just opened has nothing to lose yet."""
    well = first_order is None or now - first_order < TOO_OLD
    return well, "none yet: sudo ocpizza backup"


def _first_order(connection: Connection) -> datetime | None:
    return connection.scalar(select(func.min(Order.placed_at)))


def _glance(archive: Path) -> None:
    # Root looks, and the folder is the service's: neither a link nor anything but a file.
    descriptor = os.open(archive, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123  (opened with its flags)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise BackupError(f"{archive.name} is no file")
        if archive.suffix == ".tar":
            with about(archive):
                peek(file)
        elif file.read(len(MAGIC)) != MAGIC:
            raise BackupError(f"{archive.name} is not what age writes")

"""What `ocpizza status` says of continuous backup, by what anybody may see of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, text

from ocpizza.operations.backup.age import told
from ocpizza.operations.backup.looks import Answer
from ocpizza.operations.continuous import archiving
from ocpizza.operations.continuous.repository import (
    INSTALL,
    Repository,
    Saved,
    is_installed,
    read_info,
)
from ocpizza.operations.continuous.when import said
from ocpizza.settings import Settings

OFF = "off: sudo ocpizza backup --continuous enable"
AGAIN = "sudo ocpizza backup --continuous enable"
WITHOUT = "or: sudo ocpizza backup --continuous disable"
KEEPS = "PostgreSQL keeps what it cannot archive until its disk is full"
# What its archiver said; pgbackrest's own check waits a minute, and knows no reason.
WHY = "sudo tail -n 30 /var/log/postgresql/*.log says why (df -h)"
FULL_TOO_OLD, TOO_OLD = timedelta(days=8), timedelta(hours=50)
# Segments: more than a busy minute writes.
BEHIND = 16
SEGMENTS = 2**32
ASK = text("""
SELECT current_setting('archive_mode') AS mode, current_setting('archive_command') AS command,
       last_archived_wal, last_archived_time, last_failed_time,
       pg_size_bytes(current_setting('wal_segment_size')) AS segment_size,
       pg_walfile_name(pg_current_wal_lsn()) AS writing
  FROM pg_stat_archiver
""")


@dataclass(frozen=True)
class Archiver:
    """What PostgreSQL says of its archiver."""

    mode: str
    command: str
    last_archived_wal: str | None
    last_archived_time: datetime | None
    last_failed_time: datetime | None
    segment_size: int
    writing: str

    @property
    def fails(self) -> bool:
        """Whether the last segment that was handed over was refused."""
        return self.last_failed_time is not None and (
            self.last_archived_time is None or self.last_failed_time > self.last_archived_time
        )

    @property
    def behind(self) -> int:
        """How many segments wait to be archived."""
        name = (self.last_archived_wal or "").partition(".")[0]
        if len(name) != len(self.writing):
            return 0
        return max(self._number(self.writing) - self._number(name) - 1, 0)

    def _number(self, name: str) -> int:
        return int(name[8:16], 16) * (SEGMENTS // self.segment_size) + int(name[16:], 16)


def is_enabled(settings: Settings) -> bool:
    """Whether it is wanted that all is archived, be the disk of the repository there or not."""
    try:
        return Repository.of(settings).mark.exists() or archiving.is_wanted()
    except OSError:
        # The row says what cannot be looked at.
        return True


def last_archived(settings: Settings, ask: Callable[[Callable[[Connection], Any]], Any]) -> Answer:
    """Whether all that PostgreSQL writes is archived, and backups are young enough.

    Raises OSError for a note that cannot be read.
    """
    if not is_enabled(settings):
        return True, OFF
    repository, now = Repository.of(settings), datetime.now(UTC)
    archiver: Archiver = ask(_archiver)
    if wrong := _not_archived(archiver, repository):
        return False, wrong
    note = repository.note
    backups = read_info(note.read_text()) if note.exists() else []
    return _of_backups(backups, archiver, repository, now)


def _archiver(connection: Connection) -> Archiver:
    return Archiver(**connection.execute(ASK).one()._mapping)


def _not_archived(archiver: Archiver, repository: Repository) -> str:
    if archiver.mode == "off" or archiver.command != repository.archive_command:
        return f"PostgreSQL does not archive: {AGAIN}; {WITHOUT}"
    if not repository.mark.exists():
        gone = f"{repository.mark} is gone, where PostgreSQL archives"
        return f"{gone}: mount its disk; or: {AGAIN}; {WITHOUT}"
    # PostgreSQL counts no failure of a command that is not there.
    if not is_installed():
        return f"pgbackrest is missing, {KEEPS}: {INSTALL}; {WITHOUT}"
    do = f"{WHY}; after an upgrade of PostgreSQL: {AGAIN}; {WITHOUT}"
    if archiver.fails:
        return f"nothing is archived since {_at(archiver.last_archived_time)}, {KEEPS}: {do}"
    if archiver.behind > BEHIND:
        return f"the archive is {archiver.behind} segments behind, {KEEPS}: {do}"
    return ""


def _of_backups(
    backups: list[Saved], archiver: Archiver, repository: Repository, now: datetime
) -> Answer:
    full = [saved.stopped_at for saved in backups if saved.full]
    if not full:
        return False, f"no full backup yet: {AGAIN}"
    ages = (now - full[-1], now - backups[-1].stopped_at)
    until = (
        f", archived until {_at(archiver.last_archived_time)}"
        if archiver.last_archived_time
        else ""
    )
    says = f"full {told(ages[0])} old, last {told(ages[1])}{until}"
    for name, found, most in zip(("full", "diff"), ages, (FULL_TOO_OLD, TOO_OLD), strict=True):
        if found > most:
            job = f"ocpizza-continuous-{name}"
            return False, f"{says}: sudo journalctl -u {job} -n 50; sudo systemctl start {job}"
    if backups[-1].damaged:
        # pgbackrest itself ends well.
        which = (
            f"sudo -u postgres {' '.join(repository.command(f'--set={backups[-1].label}'))} info"
        )
        return False, f"{says}, files of PostgreSQL’s are damaged: {which} says which"
    return True, says


def _at(time: datetime | None) -> str:
    # What is counted begins anew when PostgreSQL crashed.
    return said(time.replace(microsecond=0)) if time else "PostgreSQL was started"

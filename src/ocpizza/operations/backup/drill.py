"""`ocpizza restore --drill`: whether the newest archive could be restored, without doing it."""

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

from ocpizza.models.job import JobRun
from ocpizza.operations import job_runs
from ocpizza.operations.backup.dump_sqlite import file_of
from ocpizza.operations.backup.encryption import decrypted
from ocpizza.operations.backup.errors import AtWork, BackupError, about
from ocpizza.operations.backup.folder import BackupFolder, made_at
from ocpizza.operations.backup.reading import check
from ocpizza.operations.backup.restore import restored_beside
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.check import wrong_sums
from ocpizza.operations.disks import POSTGRESQL, disks
from ocpizza.settings import Settings

JOB = job_runs.DRILL
MARGIN = 2**28
NO_ARCHIVE = "there is no archive yet: sudo ocpizza backup"


@dataclass(frozen=True)
class Drill:
    """What was tried and held: how long that took, and how old the data was."""

    archive: str
    took: timedelta
    age: timedelta


def drill(
    engine: Engine,
    settings: Settings,
    started_at: datetime,
    stages: Stages,
    key: bytes = b"",
    *,
    wait: bool = False,
) -> Drill:
    """Restore the newest archive beside the live database, look at it and let it go.

    A `job_run` says how it went. Raises BackupError when it did not hold.
    """
    archive, error = "", None
    with ExitStack() as alone:
        try:
            folder = BackupFolder(settings["folders.backups"])
            alone.enter_context(folder.locked(stages if wait else None))
            archive = _try(engine, settings, stages, key)
        except AtWork:
            raise
        except Exception as failure:
            error = failure
        finished_at = datetime.now(UTC)
        _record(engine, started_at, finished_at, archive, error)
    if error is not None:
        raise error
    age = started_at - made_at(Path(archive))
    return Drill(archive, finished_at - started_at, max(age, timedelta(0)))


def last_drill(connection: Connection) -> JobRun | None:
    """Return the latest, whether it held or not."""
    return job_runs.last_run(connection, JOB)


def _try(engine: Engine, settings: Settings, stages: Stages, key: bytes) -> str:
    newest = next(iter(BackupFolder(settings["folders.backups"]).archives()), None)
    if newest is None:
        raise BackupError(NO_ARCHIVE)
    _refuse_little_room(engine)
    with newest.open("rb") as file, decrypted(file, settings["folders.backups"], key) as plain:
        with about(newest):
            archive = check(plain, stages)
        with restored_beside(engine, settings, archive, "drill", stages) as (beside, _):
            with stages.stage("recompute every sum"), Session(beside.restored) as session:
                problems = wrong_sums(session)
            beside.restored.rollback()
    if problems:
        raise BackupError(f"{newest.name} does not add up: {problems[0]}")
    return newest.name


def _refuse_little_room(engine: Engine) -> None:
    """What is only tried must not fill the disk of what sells, where that is on this machine."""
    if engine.dialect.name == "sqlite":
        folder = file_of(engine).parent
        size = file_of(engine).stat().st_size
    else:
        folder = POSTGRESQL
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            if driver is None or not driver.info.host.startswith("/") or not folder.exists():
                return
            size = connection.scalar(text("SELECT pg_database_size(current_database())"))
    (disk,) = disks([folder])
    # Tables and indexes once more, and as much again in PostgreSQL's log of what it writes.
    if disk.free < 2 * size + MARGIN:
        raise BackupError(f"{disk}: too little to try a restoration beside the database")


def _record(
    engine: Engine,
    started_at: datetime,
    finished_at: datetime,
    archive: str,
    error: Exception | None,
) -> None:
    run = JobRun(
        job=JOB,
        started_at=started_at,
        finished_at=finished_at,
        succeeded=error is None,
        changes={"archive": archive} if archive else {},
        error=job_runs.words(error) if error else None,
    )
    job_runs.record(engine, run)

"""What jobs that are done by themselves did: a row a run, the newest of each are kept."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, make_transient

from ocpizza.db import reason
from ocpizza.models.job import JobRun

# Of each job and restaurant: years of them, and no more.
KEPT = 100
BACKUP, DRILL = "backup", "restore_drill"
# Of both: one a month, and a few days to notice.
TOO_OLD = timedelta(days=35)
log = structlog.get_logger()


def record(engine: Engine, run: JobRun) -> None:
    """Write down how a run went."""
    with Session(engine) as session, session.begin():
        session.add(run)
        session.flush()
        alike = (
            JobRun.job == run.job,
            JobRun.restaurant_id.is_not_distinct_from(run.restaurant_id),
        )
        newest = select(JobRun.id).where(*alike).order_by(JobRun.started_at.desc()).limit(KEPT)
        session.execute(delete(JobRun).where(*alike, JobRun.id.not_in(newest)))


@contextmanager
def noted(engine: Engine, job: str, *, but: type[Exception]) -> Iterator[dict[str, Any]]:
    """Write down how what is done meanwhile went, with what is put into the dictionary given.

    But for what did nothing, by its error, and for what somebody stopped. A database that takes no
    row undoes nothing.
    """
    run = JobRun(job=job, started_at=datetime.now(UTC), changes={}, succeeded=True)
    try:
        yield run.changes
    except but:
        raise
    except Exception as error:
        run.succeeded, run.error = False, words(error)
        _record_or_tell(engine, run)
        raise
    _record_or_tell(engine, run)


def _record_or_tell(engine: Engine, run: JobRun) -> None:
    run.finished_at = datetime.now(UTC)
    try:
        record(engine, run)
    except SQLAlchemyError as error:
        log.warning("a job is not noted", job=run.job, reason=reason(error))


def last_run(connection: Connection, job: str) -> JobRun | None:
    """Return the latest of a job, of the whole of it, whether it went well or not."""
    with Session(connection, expire_on_commit=False) as session:
        run = latest(session, job)
        session.expunge_all()
        return run


def latest(session: Session, job: str, *, succeeded: bool = False) -> JobRun | None:
    """Return the same, or the latest of those that went well."""
    runs = select(JobRun).where(JobRun.job == job, JobRun.restaurant_id.is_(None))
    if succeeded:
        runs = runs.where(JobRun.succeeded.is_(True))
    return session.scalar(runs.order_by(JobRun.started_at.desc()).limit(1))


def runs_since(session: Session, since: datetime) -> list[JobRun]:
    """Return the runs of what is told of backups, from a moment on, for another database."""
    known = select(JobRun).where(JobRun.job.in_((BACKUP, DRILL)), JobRun.started_at >= since)
    runs = list(session.scalars(known.where(JobRun.restaurant_id.is_(None))))
    for run in runs:
        make_transient(run)
        del run.id
    return runs


def know_again(session: Session, runs: Iterable[JobRun]) -> None:
    """Have a database know of runs that another one knew of."""
    known = {(job, at) for job, at in session.execute(select(JobRun.job, JobRun.started_at))}
    session.add_all(run for run in runs if (run.job, run.started_at) not in known)


def words(error: Exception) -> str:
    """Return why it failed, in one line."""
    if isinstance(error, SQLAlchemyError):
        return f"the database answers: {reason(error)}"
    return (str(error) or type(error).__name__).splitlines()[0]

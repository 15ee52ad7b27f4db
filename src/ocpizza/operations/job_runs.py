"""What jobs that are done by themselves did: a row a run, the newest of each are kept."""

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza.db import reason
from ocpizza.models.job import JobRun

# Of each job and restaurant: years of them, and no more.
KEPT = 100


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


def last_run(connection: Connection, job: str) -> JobRun | None:
    """Return the latest of a job, of the whole of it, whether it went well or not."""
    with Session(connection, expire_on_commit=False) as session:
        runs = select(JobRun).where(JobRun.job == job, JobRun.restaurant_id.is_(None))
        run = session.scalar(runs.order_by(JobRun.started_at.desc()).limit(1))
        session.expunge_all()
        return run


def words(error: Exception) -> str:
    """Return why it failed, in one line."""
    if isinstance(error, SQLAlchemyError):
        return f"the database answers: {reason(error)}"
    return (str(error) or type(error).__name__).splitlines()[0]

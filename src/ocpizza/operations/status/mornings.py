"""The row about the cyclic update: when it last ran, and what failed of it."""

from sqlalchemy import Connection, func, select

from ocpizza.models.job import JobRun
from ocpizza.models.restaurant import Restaurant
from ocpizza.operations import systemd
from ocpizza.operations.cyclic_update.from_source import TEMPLATE
from ocpizza.operations.cyclic_update.run import JOB
from ocpizza.operations.status.asking import DatabaseSilent, ask
from ocpizza.operations.status.row import Row, amiss, fine
from ocpizza.settings import Settings

AGAIN = "sudo ocpizza cyclic-update"
Run = tuple[JobRun, str | None]


def cyclic(settings: Settings) -> Row:
    """The last run of all, and the last one of each restaurant that has a period of its own."""
    try:
        runs = ask(settings, latest)
    except DatabaseSilent as error:
        return Row("cyclic", False, str(error))
    alone = systemd.enabled_instances(TEMPLATE)
    # What a restaurant's own run once said is of the past when all have run since.
    runs = [run for run in runs if run[1] is None or run[1] in alone or run == runs[-1]]
    if not runs:
        return fine("cyclic", "not yet")
    for run, code in runs:
        if not run.succeeded:
            again = f"{AGAIN} {code}" if code else AGAIN
            return amiss("cyclic", f"failed on {_at(run)}: {run.error}", again)
    return fine("cyclic", f"ran on {_at(runs[-1][0])}")


def latest(connection: Connection) -> list[Run]:
    """Return the last run of all and of each restaurant, with its code, the latest last."""
    newest = select(func.max(JobRun.id)).where(JobRun.job == JOB).group_by(JobRun.restaurant_id)
    columns = (JobRun.started_at, JobRun.finished_at, JobRun.succeeded, JobRun.error)
    query = (
        select(*columns, Restaurant.code)
        .outerjoin(Restaurant, Restaurant.id == JobRun.restaurant_id)
        .where(JobRun.id.in_(newest))
        .order_by(JobRun.id)
    )
    return [
        (JobRun(started_at=at, finished_at=until, succeeded=well, error=error), code)
        for at, until, well, error, code in connection.execute(query)
    ]


def _at(run: JobRun) -> str:
    return f"{run.started_at:%Y-%m-%d %H:%M} UTC"

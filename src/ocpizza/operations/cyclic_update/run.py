"""`ocpizza cyclic-update`: one run, from the lock to the note of how it went."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from ocpizza.models.job import JobRun
from ocpizza.models.restaurant import Restaurant
from ocpizza.operations import job_runs
from ocpizza.operations.backup.folder import BackupFolder
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.cyclic_update.from_source import from_source
from ocpizza.operations.cyclic_update.local_work import PRICES, change_prices, local_work
from ocpizza.operations.cyclic_update.parts import Part, Work, attempt
from ocpizza.settings import Settings

JOB = "cyclic_update"


class NoSuchRestaurant(ValueError):
    """No restaurant has this code; the message says which."""


def update(
    engine: Engine, settings: Settings, code: str | None, started_at: datetime, stages: Stages
) -> list[Part]:
    """Do all that is due, or what is of the restaurant with this code; return how each part went.

    A backup or a restoration that is at work is waited for. Raises NoSuchRestaurant, or
    BackupError where nobody can lock.
    """
    with BackupFolder(settings["folders.backups"]).locked(wait=stages):
        restaurant_id = _restaurant(engine, code) if code else None
        parts = []
        for name, act in _work(engine, settings, code, restaurant_id, started_at):
            with stages.stage(name):
                parts.append(attempt(name, act))
        _record(engine, parts, restaurant_id, started_at)
    return parts


def _work(
    engine: Engine,
    settings: Settings,
    code: str | None,
    restaurant_id: int | None,
    now: datetime,
) -> Iterator[Work]:
    if code is None:
        yield from local_work(engine, settings, now)
    else:
        yield PRICES, partial(change_prices, engine, now, restaurant_id)
    # Last: production's prices are what stays.
    yield from from_source(engine, settings, code)


def _restaurant(engine: Engine, code: str) -> int:
    with Session(engine) as session:
        found = session.scalar(select(Restaurant.id).where(Restaurant.code == code))
    if found is None:
        raise NoSuchRestaurant(f"no restaurant has the code « {code} »")
    return found


def _record(
    engine: Engine, parts: list[Part], restaurant_id: int | None, started_at: datetime
) -> None:
    failed = [str(part) for part in parts if part.error]
    run = JobRun(
        job=JOB,
        restaurant_id=restaurant_id,
        started_at=started_at,
        finished_at=datetime.now(UTC),
        succeeded=not failed,
        changes={part.name: part.changes for part in parts if part.changes},
        error="; ".join(failed) or None,
    )
    job_runs.record(engine, run)

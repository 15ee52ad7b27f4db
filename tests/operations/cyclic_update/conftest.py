"""A shop, and the morning's run on it."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from factories import make_pizzeria
from ocpizza.models.job import JobRun
from ocpizza.operations import systemd
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.cyclic_update.parts import Part
from ocpizza.operations.cyclic_update.run import update
from payments.till import gateway, stripe, till

__all__ = ["gateway", "stripe", "till"]


@pytest.fixture
def pizzeria(committed_database):
    with Session(committed_database, expire_on_commit=False) as session, session.begin():
        return make_pizzeria(session)


@pytest.fixture(autouse=True)
def own_timers(tmp_path, monkeypatch):
    """The folder of the timers that an administrator enabled: there are none yet."""
    folder = tmp_path / "timers.target.wants"
    folder.mkdir()
    monkeypatch.setattr(systemd, "ENABLED_TIMERS", folder)
    return folder


@pytest.fixture
def run(committed_database, settings) -> Callable[..., list[Part]]:
    """Runs it now, or when told."""

    def run(code: str | None = None, now: datetime | None = None, **changed) -> list[Part]:
        at = now or datetime.now(UTC)
        return update(committed_database, settings | changed, code, at, Stages())

    return run


@pytest.fixture
def notes(committed_database) -> Callable[[], list[JobRun]]:
    """What was noted of every run, the latest last."""

    def notes() -> list[JobRun]:
        with Session(committed_database) as session:
            return list(session.scalars(select(JobRun).order_by(JobRun.id)))

    return notes

"""What `ocpizza status` says of the cyclic update: of all restaurants, and of those apart."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from factories import make_branch, make_pizzeria
from ocpizza.models.job import JobRun
from ocpizza.models.restaurant import Restaurant
from ocpizza.operations import job_runs, systemd
from ocpizza.operations.cyclic_update.run import JOB
from ocpizza.operations.status.mornings import cyclic
from ocpizza.operations.status.row import Row

SIX = datetime(2026, 3, 4, 5, 0, tzinfo=UTC)
WELL = Row("cyclic", True, "ran on 2026-03-04 05:00 UTC")


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """Where timers of single restaurants are enabled."""
    monkeypatch.setattr(systemd, "ENABLED_TIMERS", tmp_path)
    return tmp_path


@pytest.fixture
def ran(committed_database, alone):
    """Notes that it ran, for all or for the restaurant with this code."""
    with Session(committed_database) as session, session.begin():
        make_branch(session, make_pizzeria(session), code="city_002")
        query = select(Restaurant.code, Restaurant.id)
        ids = dict(session.execute(query).all())

    def ran(code: str | None = None, error: str | None = None, at: datetime = SIX) -> None:
        run = JobRun(job=JOB, restaurant_id=ids.get(code), started_at=at, finished_at=at)
        run.succeeded, run.error, run.changes = error is None, error, {}
        job_runs.record(committed_database, run)

    return ran


def test_one_that_is_still_to_come_is_no_fault(settings, ran):
    assert cyclic(settings) == Row("cyclic", True, "not yet")
    ran()
    assert cyclic(settings) == WELL


def test_a_part_that_failed_is_told_until_it_is_well(settings, ran):
    ran(error="source: cannot be read")
    assert cyclic(settings) == Row(
        "cyclic",
        False,
        "failed on 2026-03-04 05:00 UTC: source: cannot be read: sudo ocpizza cyclic-update",
    )
    ran()
    assert cyclic(settings) == WELL


def test_a_restaurant_with_a_timer_of_its_own_is_told_apart(settings, ran, alone):
    (alone / "ocpizza-cyclic-update@city_002.timer").touch()
    ran("city_002", "city_002: it rained")
    ran(at=SIX + timedelta(hours=1))
    says = (
        "failed on 2026-03-04 05:00 UTC: city_002: it rained: sudo ocpizza cyclic-update city_002"
    )
    assert cyclic(settings) == Row("cyclic", False, says)
    (alone / "ocpizza-cyclic-update@city_002.timer").unlink()
    assert cyclic(settings).well


def test_one_that_was_run_by_hand_is_told_until_all_have_run(settings, ran):
    ran()
    ran("city_001", "city_001: it rained")
    assert not cyclic(settings).well
    ran()
    assert cyclic(settings) == WELL

"""A run: what is done, what is noted of it, and who waits for whom."""

import fcntl
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from ocpizza.db import make_engine
from ocpizza.models.job import JobRun
from ocpizza.operations import job_runs
from ocpizza.operations.backup.drill import drill
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import AT_WORK, BackupFolder
from ocpizza.operations.backup.make import back_up as shop_backup
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.cyclic_update import local_work
from ocpizza.operations.cyclic_update.run import JOB, NoSuchRestaurant, update
from operations.backup.saved_shop import Acting, Shop

LOCAL = ["price changes", "unconfirmed orders", "payments", "closed days", "forgetting"]


def test_a_morning_on_which_nothing_is_due_says_so_of_each_part_and_is_noted(pizzeria, run, notes):
    before = datetime.now(UTC)
    parts = run()
    assert [str(part) for part in parts] == [f"{name}: nothing changed" for name in LOCAL]
    (note,) = notes()
    assert (note.job, note.restaurant_id, note.succeeded, note.error) == (JOB, None, True, None)
    assert note.changes == {}
    assert before <= note.started_at <= note.finished_at


def test_a_part_that_fails_is_named_and_keeps_no_other_back(pizzeria, run, notes, monkeypatch):
    def fail(session, now):
        session.execute(text("SELECT nothing FROM nowhere"))

    monkeypatch.setattr(local_work, "cancel_unconfirmed", fail)
    parts = run()
    assert [part.name for part in parts if part.error] == ["unconfirmed orders"]
    assert len(parts) == len(LOCAL)
    (note,) = notes()
    assert not note.succeeded
    assert note.error.startswith("unconfirmed orders: the database answers: ")
    assert note.error.count("\n") == 0


def test_what_nobody_foresaw_is_in_the_journal_and_keeps_no_other_back(
    pizzeria, run, notes, monkeypatch
):
    def fail(*_):
        raise KeyError("nobody\nforesaw")

    monkeypatch.setattr(local_work, "make_due_changes", fail)
    assert [bool(part.error) for part in run()] == [True, *[False] * (len(LOCAL) - 1)]
    assert "\n" not in notes()[-1].error


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_database_that_is_gone_ends_it_at_once(settings):
    nowhere = make_engine("postgresql+psycopg://nobody@/nothing?host=/nowhere", 1)
    with pytest.raises(OperationalError):
        update(nowhere, settings, None, datetime.now(UTC), Stages())


def test_a_restaurants_own_run_does_what_is_of_the_restaurant(pizzeria, run, notes):
    (part,) = run(pizzeria.restaurant.code)
    assert str(part) == "price changes: nothing changed"
    assert [note.restaurant_id for note in notes()] == [pizzeria.restaurant.id]
    with pytest.raises(NoSuchRestaurant, match="no restaurant has the code « city_009 »"):
        run("city_009")


def test_only_the_newest_notes_of_each_are_kept(committed_database, pizzeria, notes, monkeypatch):
    monkeypatch.setattr(job_runs, "KEPT", 2)
    begun = datetime(2026, 1, 1, tzinfo=UTC)
    for restaurant_id in (None, pizzeria.restaurant.id):
        for day in range(4):
            at = begun + timedelta(days=day)
            run = JobRun(
                job=JOB, restaurant_id=restaurant_id, started_at=at, succeeded=True, changes={}
            )
            job_runs.record(committed_database, run)
    assert [note.started_at.day for note in notes()] == [3, 4, 3, 4]


def whoever_waits(settings, act) -> list[str]:
    """Do something while a job is at work, which ends the moment that it is seen to be waited for.

    Gives the stages that were seen.
    """
    folder = BackupFolder(settings["folders.backups"])
    held, waits, ended = Event(), Event(), Event()

    def another_job() -> None:
        with folder.locked():
            held.set()
            waits.wait(60)
            ended.set()

    job = Thread(target=another_job)
    job.start()
    held.wait(60)
    stages = Acting(lambda name: waits.set() if "wait until it is done" in name else None)
    act(stages)
    assert ended.is_set()
    job.join()
    return stages.seen


def test_it_begins_when_a_backup_has_ended(committed_database, settings, pizzeria):
    def begin(stages) -> None:
        parts = update(committed_database, settings, None, datetime.now(UTC), stages)
        assert len(parts) == len(LOCAL)

    assert whoever_waits(settings, begin)[0] == f"{AT_WORK}: wait until it is done"


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_so_do_the_backup_and_the_drill_of_that_morning(committed_database, settings, tmp_path):
    shop = Shop(committed_database, settings, tmp_path / "ocpizza.ini")

    def back_up(stages) -> None:
        shop_backup(shop.engine, shop.settings, shop.config, stages, wait=True)

    def try_to_restore(stages) -> None:
        drill(shop.engine, shop.settings, datetime.now(UTC), stages, wait=True)

    for act in (back_up, try_to_restore):
        assert whoever_waits(settings, act)[0] == f"{AT_WORK}: wait until it is done"


def test_a_backup_does_not_begin_while_it_is_at_work(committed_database, settings, pizzeria):
    folder, tried = BackupFolder(settings["folders.backups"]), []

    def back_up(_stage: str) -> None:
        with pytest.raises(BackupError, match=AT_WORK), folder.locked():
            pass
        tried.append(True)

    update(committed_database, settings, None, datetime.now(UTC), Acting(back_up))
    assert len(tried) == len(LOCAL)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_folder_that_cannot_be_locked_is_one_line(settings, run, pizzeria, monkeypatch):
    def refuse(*_):
        raise OSError(37, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(BackupError, match="No locks available"):
        run()


def test_the_latest_is_that_of_the_whole(committed_database, pizzeria, run):
    run(pizzeria.restaurant.code)
    with Session(committed_database) as session:
        assert job_runs.last_run(session.connection(), JOB) is None
    run()
    with committed_database.connect() as connection:
        assert job_runs.last_run(connection, JOB).succeeded

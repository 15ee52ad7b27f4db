"""`ocpizza restore --drill`: the newest archive could be restored; what `ocpizza status` says."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from factories import NOON
from ocpizza.models.job import JobRun
from ocpizza.models.order_status import Status
from ocpizza.operations import job_runs, status
from ocpizza.operations.backup import drill as drills
from ocpizza.operations.backup.drill import JOB, drill
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import BackupFolder, made_at
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.check import check
from ocpizza.operations.disks import Disk
from operations.backup.saved_shop import Acting


def run_drill(shop, stages=None, at=None):
    try:
        return drill(shop.engine, shop.settings, at or datetime.now(UTC), stages or Stages())
    finally:
        shop.engine.dispose()


def runs(shop) -> list[JobRun]:
    with Session(shop.engine) as session:
        return list(session.scalars(select(JobRun).order_by(JobRun.started_at)))


def test_it_holds_while_the_shop_sells_and_leaves_nothing_but_a_note(shop):
    shop.back_up()
    newest = shop.back_up().path
    before = shop.rows()
    selling = Acting(lambda _: shop.sell() if shop.engine.dialect.name == "postgresql" else None)
    held = run_drill(shop, selling)
    assert held.archive == newest.name
    assert held.took > timedelta(0)
    assert timedelta(0) <= held.age < timedelta(minutes=5)
    assert "recompute every sum" in selling.seen
    after = shop.rows()
    assert shop.left_over() == []
    if shop.engine.dialect.name == "postgresql":
        assert len(after["orders"]) == 1 + len(selling.seen)
    else:
        assert {**after, "job_run": []} == before
    (run,) = runs(shop)
    assert (run.job, run.succeeded, run.error) == (JOB, True, None)
    assert run.changes == {"archive": newest.name}


def test_one_that_does_not_hold_is_told_and_noted(shop):
    with pytest.raises(BackupError, match="there is no archive yet: sudo ocpizza backup"):
        run_drill(shop)
    damaged = shop.back_up().path
    content = bytearray(damaged.read_bytes())
    content[700] ^= 1
    damaged.write_bytes(content)
    # Whoever tries the newest has named none.
    with pytest.raises(BackupError, match=rf"^{damaged.name}: .* is damaged in the archive"):
        run_drill(shop)
    assert [run.succeeded for run in runs(shop)] == [False, False]
    assert "is damaged" in runs(shop)[-1].error
    assert shop.left_over() == []


def test_sums_that_are_wrong_in_the_archive_are_found(shop):
    with shop.engine.begin() as connection:
        connection.execute(text("UPDATE stock SET quantity = quantity + 1"))
    shop.back_up()
    with pytest.raises(BackupError, match=r"does not add up: stock of ingredient \d"):
        run_drill(shop)


def test_what_people_have_yet_to_do_spoils_no_archive(shop):
    shop.sell(status=Status.DELIVERED)
    shop.sell(NOON + timedelta(days=2))
    with Session(shop.engine) as session:
        assert [each for each in check(session) if "nobody paid" in each]
    shop.back_up()
    run_drill(shop)
    assert [run.succeeded for run in runs(shop)] == [True]


def test_notes_of_long_ago_are_forgotten(shop, monkeypatch):
    monkeypatch.setattr(job_runs, "KEPT", 2)
    shop.back_up()
    for _ in range(4):
        run_drill(shop)
    assert len(runs(shop)) == 2


def aged(shop, days: int):
    """The newest archive, under the name that it would have by now."""
    path = shop.back_up().path
    at = made_at(path) - timedelta(days=days)
    return path.rename(path.with_name(f"ocpizza-{at:%Y-%m-%d_%H-%M-%S}-000Z.tar"))


@pytest.mark.parametrize(("days", "well"), [(0, True), (34, True), (36, False)])
def test_status_says_how_old_the_newest_archive_is_and_what_to_do(shop, days, well):
    archive = aged(shop, days)
    row = status.backup(shop.settings)
    assert row.well is well
    age = f"{days} days" if days else "0 min"
    assert row.says.startswith(f"{archive.name}, {age} old, the only one")
    assert row.says.endswith("sudo ocpizza backup") is not well


def test_status_says_that_an_archive_cannot_be_read(shop):
    archive = shop.back_up().path
    archive.write_bytes(archive.read_bytes()[:100_000])
    row = status.backup(shop.settings)
    assert not row.well
    says = "the archive is damaged or cut: take another one: sudo ocpizza backup"
    assert row.says == f"{archive.name}: {says}"


def test_a_shop_that_has_sold_for_long_without_a_backup_is_not_well(shop):
    assert not status.backup(shop.settings).well  # it sold at NOON, of March
    with shop.engine.begin() as connection:
        connection.execute(
            text("UPDATE orders SET placed_at = :now"), {"now": datetime.now(UTC).isoformat()}
        )
    assert status.backup(shop.settings) == status.Row(
        "backup", True, "none yet: sudo ocpizza backup"
    )


@pytest.mark.parametrize(("days", "well"), [(0, True), (34, True), (36, False)])
def test_status_says_when_a_restoration_was_last_seen_to_work(shop, days, well):
    never = status.restoration(shop.settings)
    assert never == status.Row("restoration", True, "never tried: sudo ocpizza restore --drill")
    aged(shop, days + 1)
    at = datetime.now(UTC) - timedelta(days=days)
    run_drill(shop, at=at)
    row = status.restoration(shop.settings)
    assert row.well is well
    assert row.says.startswith(f"held on {at:%Y-%m-%d %H:%M} UTC in ")
    assert "with data 24 h old" in row.says
    assert row.says.endswith("sudo ocpizza restore --drill") is not well


def test_archives_that_were_never_tried_for_long_are_not_well(shop):
    aged(shop, 36)
    assert not status.restoration(shop.settings).well


def test_a_drill_that_failed_is_not_well(shop):
    with pytest.raises(BackupError):
        run_drill(shop)
    row = status.restoration(shop.settings)
    assert not row.well
    assert "there is no archive yet: sudo ocpizza backup" in row.says


def test_a_folder_that_one_may_not_read_is_not_well(shop, monkeypatch):
    def refuse(_folder):
        raise PermissionError(13, "Permission denied", str(shop.archives))

    monkeypatch.setattr("pathlib.Path.iterdir", refuse)
    for look in (status.backup, status.restoration):
        row = look(shop.settings)
        assert not row.well
        assert f"Permission denied: '{shop.archives}'" in row.says


def test_whatever_it_fails_of_is_noted(shop, monkeypatch):
    shop.back_up()

    def fail(*_):
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr(drills, "wrong_sums", fail)
    with pytest.raises(ZeroDivisionError):
        run_drill(shop)
    (run,) = runs(shop)
    assert (run.succeeded, run.error) == (False, "division by zero")


def test_a_folder_that_cannot_be_entered_is_noted_too(shop, tmp_path):
    (tmp_path / "file").touch()
    shop.settings["folders.backups"] = tmp_path / "file" / "archives"
    with pytest.raises(BackupError, match="Not a directory"):
        run_drill(shop)
    (run,) = runs(shop)
    assert run.succeeded is False
    assert "Not a directory" in run.error


def test_one_that_finds_another_job_at_work_tried_nothing(shop):
    shop.back_up()
    with BackupFolder(shop.archives).locked(), pytest.raises(BackupError, match="is at work"):
        run_drill(shop)
    assert runs(shop) == []


def test_where_it_could_fill_the_disk_of_the_database_nothing_is_tried(shop, monkeypatch):
    shop.back_up()
    little = Disk(Path("/var/lib/postgresql"), 2**28, 2**40, 1)
    monkeypatch.setattr(drills, "disks", lambda _folders: [little])
    seen = Acting(lambda _stage: None)
    with pytest.raises(BackupError, match=r"0\.2 GiB free of 1024\.0 .*too little to try"):
        run_drill(shop, seen)
    assert seen.seen == []
    assert shop.left_over() == []

"""`ocpizza backup`: what is in an archive, how it gets its name, what it leaves behind."""

import hashlib
import json
import os
import stat
import subprocess
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ocpizza.db import make_engine
from ocpizza.models.job import JobRun
from ocpizza.operations.backup import clients
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import AT_WORK, BackupFolder, made_at
from ocpizza.operations.backup.make import STAGES, back_up
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.job_runs import BACKUP
from operations.backup.saved_shop import Acting, times

TIMES = times(STAGES, within=("count and digest the rows", "check the archive"))


def members(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {member.name: tar.extractfile(member).read() for member in tar}


def test_an_archive_holds_database_settings_and_a_manifest_that_says_what(shop):
    overlay = shop.settings["folders.overlay"]
    (overlay / "releases" / "1").mkdir(parents=True)
    (overlay / "releases" / "1" / "soda.jpg").write_bytes(b"a picture")
    (overlay / "current").symlink_to("releases/1")
    (overlay / "elsewhere").symlink_to("/etc/passwd")
    made = shop.back_up()
    held = members(made.path)
    manifest = json.loads(held.pop("manifest.json"))
    assert held["settings/ocpizza.ini"] == shop.config.read_bytes()
    assert held["overlay/releases/1/soda.jpg"] == b"a picture"
    assert manifest["links"] == {"current": "releases/1"}
    assert {n: one["sha256"] for n, one in manifest["members"].items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in held.items()
    }
    counted = {name: one["rows"] for name, one in manifest["tables"].items()}
    assert counted == {name: len(rows) for name, rows in shop.rows().items()}
    assert counted["orders"] == 1
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    # A name says the moment that all of it is as of.
    assert abs((made_at(made.path) - made.manifest.made_at).total_seconds()) < 0.001
    assert shop.left_over() == []


def test_what_is_sold_meanwhile_is_in_the_whole_archive_or_not_at_all(encrypting, keys):
    shop, key = encrypting, next(iter(keys.values()))
    before = shop.rows()
    selling = Acting(lambda _stage: shop.sell())
    made = shop.back_up(selling)
    # The stages are the table that says where a process is killed below.
    assert tuple(selling.seen) == STAGES
    assert len(shop.rows()["orders"]) == 1 + len(STAGES)
    shop.restore(made.path, key=key)
    assert shop.rows() == before


def test_only_as_many_are_kept_as_the_settings_say(shop):
    (shop.archives).mkdir(parents=True)
    (shop.archives / "notes.txt").write_text("kept")
    paths = [shop.back_up(**{"backup.keep": 2}).path for _ in range(3)]
    assert BackupFolder(shop.archives).archives() == paths[:0:-1]
    assert not paths[0].exists()
    assert (shop.archives / "notes.txt").exists()


@pytest.mark.parametrize(("stage", "when"), TIMES)
def test_killed_at_any_stage_it_leaves_an_archive_or_none_and_the_next_run_cleans_up(
    encrypting, stage, when
):
    shop = encrypting
    before = shop.rows()
    shop.dies(lambda shop, stages: shop.back_up(stages), stage, when)
    whole = stage == "copy it elsewhere"
    assert len(BackupFolder(shop.archives).archives()) == whole
    assert shop.back_up().path.exists()
    assert shop.left_over() == []
    assert shop.rows() == before


def test_one_made_for_an_update_is_an_archive_like_any_other(shop):
    monthly, before = shop.back_up(**{"backup.keep": 1}).path, shop.rows()
    for _ in range(2):
        known = shop.settings | {"backup.keep": 1}
        made = back_up(shop.engine, known, shop.config, Stages(), kind="update")
    assert BackupFolder(shop.archives).archives() == [made.path, monthly]
    shop.restore(made.path)
    assert shop.rows() == before


def test_two_at_once_are_one_and_a_refusal(shop):
    def try_another(stage: str) -> None:
        with pytest.raises(BackupError, match=AT_WORK):
            shop.back_up()

    assert shop.back_up(Acting(try_another)).path.exists()


def test_a_full_disk_is_one_line_and_nothing_else(shop, small_disk):
    first = shop.back_up().path
    shop.settings["folders.backups"] = small_disk
    kept = small_disk / first.name
    kept.write_bytes(first.read_bytes()[:4096])
    with pytest.raises(BackupError, match=r"^cannot (write|copy) .*: (No space left|.*full)"):
        shop.back_up()
    assert BackupFolder(small_disk).archives() == [kept]
    assert shop.left_over() == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_no_password_is_an_argument_or_said(shop, tmp_path, monkeypatch, databases):
    databases.cluster.run("ALTER ROLE postgres PASSWORD 's3cret'")
    shop.engine.dispose()
    told = shop.engine.url.set(password="s3cret")
    real, note = clients.program("pg_dump"), tmp_path / "arguments"
    script = tmp_path / "pg_dump"
    script.write_text(f'#!/bin/sh\necho "$@" > {note}\nenv >> {note}.env\nexec {real} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setattr("ocpizza.operations.backup.dump_postgresql.program", lambda _: str(script))
    shop.engine = make_engine(told.render_as_string(hide_password=False), 1)
    shop.back_up()
    shop.engine.dispose()
    assert "s3cret" not in note.read_text()
    assert "PGPASSWORD=s3cret" in note.with_name("arguments.env").read_text()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_what_pg_dump_complains_about_is_one_line(shop, monkeypatch):
    monkeypatch.setattr("ocpizza.operations.backup.dump_postgresql.program", lambda _: "/bin/false")
    with pytest.raises(BackupError, match=r"^false: ended with status 1$"):
        shop.back_up()
    monkeypatch.undo()
    monkeypatch.setattr(clients, "INSTALLED", Path("/nowhere"))
    monkeypatch.setattr(clients.shutil, "which", lambda _: None)
    with pytest.raises(BackupError, match=r"^pg_dump is missing: apt install postgresql-client$"):
        shop.back_up()
    assert shop.left_over() == []


def test_a_folder_that_cannot_be_written_is_named(shop, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match=r"cannot write .*/file/archives: Not a directory"):
        shop.back_up(**{"folders.backups": tmp_path / "file" / "archives"})


def noted(shop) -> list[tuple[bool | None, str | None]]:
    with Session(shop.engine) as session:
        runs = session.scalars(select(JobRun).order_by(JobRun.started_at))
        return [(run.succeeded, run.error) for run in runs]


def run_job(shop, stages: Stages | None = None, **settings) -> None:
    """As the command does."""
    known = shop.settings | settings
    back_up(shop.engine, known, shop.config, stages or Stages(), noted_as=BACKUP)


def test_whatever_it_fails_of_is_noted(shop, tmp_path):
    """Managers read of it; a folder that cannot even be entered is no other job."""
    run_job(shop)
    (tmp_path / "file").touch()
    with pytest.raises(BackupError, match="Not a directory"):
        run_job(shop, **{"folders.backups": tmp_path / "file" / "archives"})
    (first, second) = noted(shop)
    assert first == (True, None)
    assert second[0] is False
    assert "Not a directory" in second[1]


def test_one_that_did_nothing_or_was_stopped_is_not_noted_as_any(shop):
    def stop(_stage: str) -> None:
        raise KeyboardInterrupt

    with BackupFolder(shop.archives).locked(), pytest.raises(BackupError, match=AT_WORK):
        run_job(shop)
    with pytest.raises(KeyboardInterrupt):
        run_job(shop, Acting(stop))
    assert noted(shop) == []


@pytest.fixture
def small_disk(tmp_path):
    """A file system with room for one archive of nothing."""
    if os.geteuid():
        pytest.skip("only root can mount a disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", disk], check=True)

"""`ocpizza backup` and `ocpizza restore`, as somebody types them."""

import contextlib
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from commands import complaint, run
from factories import NOON, make_account, make_pizzeria, order_of
from ocpizza.cli.backups import NOT_COPIED
from ocpizza.models.job import JobRun
from ocpizza.operations import systemd
from operations.backup.saved_shop import rows_of

SYSTEMD = Path(__file__).parents[2] / "systemd"


@pytest.fixture
def shop(committed_database):
    with Session(committed_database) as session, session.begin():
        order_of(session, make_pizzeria(session))
    committed_database.dispose()
    return committed_database


def archive_of(result) -> Path:
    assert result.exit_code == 0, result.output
    return Path(
        re.search(r"^(/.*\.tar) \(\d+\.\d MB, \d+ rows, checked\)$", result.stdout, re.M)[1]
    )


def test_what_was_lost_comes_back_and_each_line_says_what_was_done(shop, config):
    saved = rows_of(shop)
    backup = run(config, "backup")
    archive = archive_of(backup)
    assert backup.stdout.splitlines()[:4] == [
        "dump the database …",
        "count and digest the rows …",
        "add settings and overlay …",
        "check the archive …",
    ]
    # That there was one stays known.
    saved["job_run"] = rows_of(shop)["job_run"]
    with Session(shop) as session, session.begin():
        make_account(session)
    shop.dispose()
    restored = run(config, "restore", str(archive))
    assert restored.exit_code == 0, restored.output
    *_, done, kept = restored.stdout.splitlines()
    assert re.fullmatch(r"restored: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC, version [\d.]+", done)
    assert kept.startswith("kept until `ocpizza restore --forget-previous`: ")
    assert rows_of(shop) == saved
    name = kept.split(": ", 1)[1]
    forgotten = run(config, "restore", "--forget-previous")
    assert forgotten.stdout == f"forgotten: {name.removeprefix('schema ')}\n"
    assert run(config, "restore", "--forget-previous").stdout == "nothing is kept\n"


def runs_of(shop) -> list[tuple[str, bool, str | None, dict]]:
    with Session(shop) as session:
        runs = session.scalars(select(JobRun).order_by(JobRun.started_at)).all()
        assert all(run.started_at <= run.finished_at for run in runs)
    shop.dispose()
    return [(run.job, run.succeeded, run.error, run.changes) for run in runs]


def test_each_run_is_noted_whether_it_went_well_or_not(shop, write_ini):
    url = shop.url.render_as_string(hide_password=False)
    archive = archive_of(run(write_ini(url), "backup"))
    uncopied = run(write_ini(url, backup="copy = /bin/false"), "backup")
    assert uncopied.exit_code == NOT_COPIED
    (archive.parent / ".archive.partial").mkdir()
    refused = complaint(run(write_ini(url), "backup"))
    first, second, third = runs_of(shop)
    assert first == ("backup", True, None, {"archive": archive.name})
    assert second[:2] == ("backup", False)
    assert "is kept here" in second[2]
    assert second[3]["archive"].endswith(".tar")
    # One that could not even begin has made no backup either.
    assert third[:2] == ("backup", False)
    assert "Is a directory" in third[2]
    assert "cannot" in refused or "Is a directory" in refused


def test_a_database_that_takes_no_note_has_its_backup_all_the_same(shop, config, monkeypatch):
    refuse = Mock(side_effect=OperationalError("INSERT", None, Exception("read-only")))
    monkeypatch.setattr("ocpizza.operations.job_runs.record", refuse)
    assert archive_of(run(config, "backup")).exists()
    assert refuse.called


def test_the_oldest_archive_that_goes_is_named(shop, write_ini):
    url = shop.url.render_as_string(hide_password=False)
    config = write_ini(url, backup="keep = 1")
    first = archive_of(run(config, "backup"))
    assert f"forgotten: {first}" in run(config, "backup").stdout.splitlines()


def test_a_copy_that_fails_has_a_status_of_its_own_which_the_unit_does_not_try_again(
    shop, write_ini
):
    url = shop.url.render_as_string(hide_password=False)
    failed = run(write_ini(url, backup="copy = /bin/false"), "backup")
    assert (failed.exit_code, failed.stderr.count("\n")) == (NOT_COPIED, 1)
    assert "is kept here" in failed.stderr
    unit = (SYSTEMD / "ocpizza-backup.service").read_text()
    assert f"RestartPreventExitStatus={NOT_COPIED}\n" in unit


@pytest.mark.parametrize("keep", ["-1", "0", "many", "", "2.5"])
def test_how_many_are_kept_is_a_number_of_archives(write_ini, keep):
    line = complaint(run(write_ini(backup=f"keep = {keep}"), "backup"))
    assert f"backup.keep = {keep!r}" in line


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["/nowhere/ocpizza.tar"], "^Error: /nowhere/ocpizza.tar: No such file or directory$"),
        (["/"], "^Error: /: Is a directory$"),
        (["--drill", "--identity", "/nowhere"], "^Error: /nowhere: No such file or directory$"),
        ([__file__], "the archive is damaged or cut: take another one"),
        ([__file__, "--stop"], "systemd is not running|only root can do this"),
    ],
)
def test_a_mistake_is_one_line(shop, config, monkeypatch, tmp_path, arguments, says):
    monkeypatch.setattr(systemd, "RUNNING", tmp_path / "nowhere")
    assert re.search(says, complaint(run(config, "restore", *arguments)))


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_list_of_a_lost_machine_is_given_and_what_is_none_is_named(shop, config, tmp_path):
    with Session(shop) as session, session.begin():
        make_account(session, email="julia@example.org", email_verified_at=NOON)
    shop.dispose()
    archive = archive_of(run(config, "backup"))
    assert run(config, "erase-account", "julia@example.org", "--yes").exit_code == 0
    brought = (tmp_path / "var/erasures").rename(tmp_path / "brought")
    live = Path(shop.url.database)
    for path in live.parent.glob(f"{live.name}*"):
        path.unlink()
    wrong = complaint(run(config, "restore", str(archive), "--erasures", str(config)))
    assert wrong == f"Error: {config} is no list of erasures"
    restored = run(config, "restore", str(archive), "--erasures", str(brought))
    assert "erased again, as they were since: 1\n" in restored.output
    assert "julia" not in repr(rows_of(shop))
    live.write_bytes(b"this was a database once" * 999)
    again = run(config, "restore", str(archive))
    assert "cannot be read; erased again, as lists say: 1. Erase again who else" in again.output


def test_a_list_is_for_an_archive(config):
    result = run(config, "restore", "--drill", "--erasures", str(config))
    assert (result.exit_code, "--erasures is for an archive" in result.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [[], ["some.tar", "--forget-previous"]])
def test_one_thing_is_asked_for(config, arguments):
    result = run(config, "restore", *arguments)
    assert result.exit_code == 2
    assert "name an archive" in result.stderr


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_site_that_runs_is_stopped_first_or_by_the_command(shop, config, monkeypatch, tmp_path):
    """A systemctl of the test's own says what it was told."""
    log = tmp_path / "systemctl.log"
    script = tmp_path / "systemctl"
    script.write_text(
        f'#!/bin/sh\necho "$1" >> {log}\n[ "$1" != show ] || echo ActiveState=active\n'
    )
    script.chmod(0o755)
    monkeypatch.setattr(systemd, "RUNNING", tmp_path)
    monkeypatch.setattr("ocpizza.cli.backups.require_root", lambda _: None)
    archive = str(archive_of(run(config, "backup")))
    path = {"PATH": f"{tmp_path}:/usr/bin:/bin"}
    line = complaint(run(config, "restore", archive, **path))
    assert line == (
        "Error: the site is running: systemctl stop ocpizza first, or restore with --stop"
    )
    assert run(config, "restore", archive, "--stop", **path).exit_code == 0
    assert log.read_text().split() == ["show", "show", "stop", "reset-failed", "start"]


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_terminal_sees_a_bar(shop, config):
    theirs, ours = pty.openpty()
    command = [sys.executable, "-m", "ocpizza.cli", "--config", config, "backup"]
    subprocess.run(command, stdout=ours, stderr=ours, check=True, timeout=120)
    os.close(ours)
    said = b""
    with contextlib.suppress(OSError):  # how a terminal ends
        while more := os.read(theirs, 65536):
            said += more
    os.close(theirs)
    assert re.search(rb"count and digest the rows +\[#+\] +100%", said)

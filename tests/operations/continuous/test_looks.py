"""What `ocpizza status` says of continuous backup: only where it is wanted, and what to do."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from droplets import wait_until
from ocpizza.operations import status
from ocpizza.operations.continuous import looks
from ocpizza.operations.continuous.looks import Archiver
from ocpizza.operations.continuous.switch import disable
from ocpizza.operations.continuous.when import moment
from ocpizza.operations.status import units
from ocpizza.operations.status.row import Row

pytestmark = pytest.mark.xdist_group("continuous")
LAST, WRITING = "0000000100000000000000FE", "000000010000000100000000"
CALM = Archiver("on", "x", LAST, None, None, 2**24, WRITING)
LOG = "sudo tail -n 30 /var/log/postgresql/*.log"


def look(kept) -> Row:
    return status.continuous(kept.settings)


def test_all_is_well_and_it_is_a_row_where_it_is_wanted_only(kept, monkeypatch):
    row = look(kept)
    assert row.well, row
    assert re.match(r"full \d+ min old, last \d+ min, archived until 20", row.says)
    monkeypatch.setattr(status, "ask_all", lambda questions: [("row", True, "")] * len(questions))
    wanted = len(status.rows(kept.settings))
    disable(kept.settings)
    assert len(status.rows(kept.settings)) == wanted - 1
    assert look(kept) == Row("continuous", True, "off: sudo ocpizza backup --continuous enable")


def test_an_archive_that_fails_is_told_with_what_to_do(kept, live):
    archive = kept.repository.folder / "repository/archive"
    archive.rename(archive.with_name("away"))
    try:
        live.sql("SELECT pg_current_xact_id()")
        live.sql("SELECT pg_switch_wal()")
        wait_until(lambda: not look(kept).well, 60, "the failure")
        says = look(kept).says
        assert says.startswith("nothing is archived since 20")
        assert "until its disk is full" in says
        assert LOG in says
        assert says.endswith("or: sudo ocpizza backup --continuous disable")
    finally:
        archive.with_name("away").rename(archive)
    wait_until(lambda: look(kept).well, 120, "what was kept to be archived")


def test_a_program_that_was_removed_is_told_before_anything_waits_for_it(kept, monkeypatch):
    """PostgreSQL counts no failure of a command that is not there."""
    monkeypatch.setattr(looks, "is_installed", lambda: False)
    row = look(kept)
    assert not row.well
    assert row.says.startswith("pgbackrest is missing, PostgreSQL keeps what ")
    assert ": sudo apt install pgbackrest; or: sudo ocpizza" in row.says


def test_its_hour_is_one_that_a_restoration_takes(kept):
    """Who copies it into `restore --at` names the clock of Paris."""
    until = re.search(r"archived until (\S+ \S+) C\S+ \((\S+) UTC\)", look(kept).says)
    assert f"{moment(until[1]):%H:%M:%S}" == until[2]


def test_one_that_somebody_took_back_is_told(kept, live):
    live.sql("ALTER SYSTEM SET archive_command = '/bin/true'")
    live.sql("SELECT pg_reload_conf()")
    try:
        wait_until(lambda: not look(kept).well, 60, "another command")
        assert look(kept).says == (
            "PostgreSQL does not archive: sudo ocpizza backup --continuous enable; "
            "or: sudo ocpizza backup --continuous disable"
        )
    finally:
        live.sql("ALTER SYSTEM RESET ALL")
        live.sql("SELECT pg_reload_conf()")


def aged(kept, full: timedelta, last: timedelta, **known: bool) -> Row:
    """The row, were its backups as old as that, and the rest so."""
    note = kept.repository.note
    text = note.read_text()
    (stanza,) = json.loads(text)
    one = stanza["backup"][-1]
    now = datetime.now(UTC)
    backups = [
        one | {"type": kind, "timestamp": {"stop": (now - age).timestamp()}} | known
        for kind, age in (("full", full), ("diff", last))
    ]
    try:
        note.write_text(json.dumps([stanza | {"backup": backups}]))
        return look(kept)
    finally:
        note.write_text(text)


@pytest.mark.parametrize(
    ("full", "last", "job"),
    [(7, 0, ""), (7, 2, ""), (9, 0, "full"), (3, 3, "diff")],
)
def test_backups_that_are_too_old_are_told(kept, full, last, job):
    row = aged(kept, timedelta(days=full), timedelta(days=last))
    assert row.well is not bool(job)
    if job:
        assert row.says.endswith(f"-n 50; sudo systemctl start ocpizza-continuous-{job}")


def test_files_that_were_damaged_when_they_were_saved_are_told(kept):
    """As pgbackrest notes it of each backup, whose command ends well."""
    (stanza,) = json.loads(kept.repository.note.read_text())
    assert stanza["backup"][-1]["error"] is False
    row = aged(kept, timedelta(), timedelta(), error=True)
    assert not row.well
    label = stanza["backup"][-1]["label"]
    assert row.says.endswith(f"--stanza=ocpizza --set={label} info says which")


def test_one_without_a_full_backup_is_not_well(kept):
    note = kept.repository.note
    note.rename(note.with_name("away"))
    try:
        assert look(kept).says == "no full backup yet: sudo ocpizza backup --continuous enable"
    finally:
        note.with_name("away").rename(note)


def test_its_timers_are_looked_at_where_it_is_wanted(kept, monkeypatch):
    monkeypatch.setattr(units.systemd, "is_running", lambda: True)
    monkeypatch.setattr(units.systemd, "show", lambda *_: {"ActiveState": "active"})
    monkeypatch.setattr(units.systemd, "tell", lambda *_: None)
    assert "ocpizza-continuous-full" in units.timers(kept.settings).says
    disable(kept.settings)
    assert "continuous" not in units.timers(kept.settings).says


def test_a_repository_whose_disk_is_not_there_is_no_one_that_nobody_wants(kept, monkeypatch):
    """PostgreSQL keeps what it cannot archive all the same."""
    folder = kept.repository.folder
    folder.rename(folder.with_name("away"))
    try:
        row = look(kept)
        assert not row.well
        assert row.says.startswith(f"{folder}/enabled is gone, where PostgreSQL archives: mount")
        monkeypatch.setattr(status, "ask_all", lambda asked: [("row", True, "")] * len(asked))
        wanted = len(status.rows(kept.settings))
    finally:
        folder.with_name("away").rename(folder)
    disable(kept.settings)
    assert len(status.rows(kept.settings)) == wanted - 1


@pytest.mark.parametrize(
    ("last", "behind"),
    [
        ("0000000100000000000000FE", 1),
        ("0000000100000000000000FF", 0),
        ("0000000100000000000000EE", 17),
        ("0000000100000000000000FE.00000028.backup", 1),
        # Nothing yet, and a file of another kind.
        (None, 0),
        ("00000002.history", 0),
    ],
)
def test_it_is_known_how_far_it_is_behind(last, behind):
    assert replace(CALM, last_archived_wal=last).behind == behind


def test_a_failure_is_over_when_something_was_archived_since():
    then, later = datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 11, 29, tzinfo=UTC)
    assert not CALM.fails
    assert replace(CALM, last_failed_time=then).fails
    assert replace(CALM, last_failed_time=later, last_archived_time=then).fails
    assert not replace(CALM, last_failed_time=then, last_archived_time=later).fails

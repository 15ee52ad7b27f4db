"""The rows of `ocpizza status`, and when all is well."""

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from factories import make_pizzeria, order_of
from ocpizza import __version__
from ocpizza.operations import status
from ocpizza.operations.migrate import head_revision
from ocpizza.operations.status import Row, well
from ocpizza.services.outbox.send import NotSent, send_next


def test_what_is_looked_at_and_in_which_order(settings):
    assert [row.name for row in status.rows(settings)] == [
        "version",
        "service",
        "socket",
        "worker",
        "watchdog",
        "database",
        "migrations",
        "mail",
        "legal",
        "website",
        "backup",
        "restoration",
        "disk",
    ]


@pytest.mark.parametrize(("minutes", "in_time"), [(1, True), (20, False)])
def test_mail_may_wait_a_quarter_of_an_hour(settings, committed_database, minutes, in_time):
    assert status.mail(settings) == Row("mail", True, "nothing waits")
    placed_at = datetime.now(UTC) - timedelta(minutes=minutes)
    with Session(committed_database) as session, session.begin():
        order_of(session, make_pizzeria(session), email="julia@example.org", now=placed_at)
    says = f"1 waiting, the oldest for {minutes} min"
    assert status.mail(settings) == Row("mail", in_time, says)


@pytest.mark.parametrize(("days", "shown"), [(0, True), (6, True), (8, False)])
def test_mail_that_was_given_up_is_seen_for_a_week_without_its_address(
    settings, committed_database, days, shown
):
    ended_at = datetime.now(UTC) - timedelta(days=days)
    with Session(committed_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        for _ in range(2):
            order_of(session, pizzeria, email="julia@example.org", now=ended_at)

        def refuse(_mail):
            raise NotSent("refused: julia@example.org", final=True)

        while send_next(session, refuse, ended_at):
            pass
    says = "; 2 given up this week, the last: refused" if shown else ""
    assert status.mail(settings) == Row("mail", True, f"nothing waits{says}")


def test_what_the_legal_pages_lack_is_told_and_stops_nothing(settings):
    row = status.legal(settings)
    assert row.well
    assert row.says.startswith("to fill in: legal.form, legal.register, ")
    known = {name: "known" for name in settings if name.startswith("legal.")}
    assert status.legal(settings | known) == Row("legal", True, "complete")


def test_a_database_that_answers_is_well(settings, committed_database):
    row = status.database(settings)
    assert row.well
    assert row.says.startswith(committed_database.dialect.name)
    assert status.migrations(settings) == Row(
        "migrations", True, f"schema {head_revision(settings['database.migrations'])}"
    )


def test_a_schema_that_is_behind_is_not_well(settings, committed_database):
    with committed_database.begin() as connection:
        connection.execute(text("DELETE FROM alembic_version"))
    row = status.migrations(settings)
    assert not row.well
    assert row.says == f"schema None, needed: {head_revision(settings['database.migrations'])}"


@pytest.mark.parametrize("look", [status.database, status.migrations])
def test_a_database_that_does_not_answer_is_not_well_and_no_secret(settings, look):
    settings["database.url"] = "postgresql+psycopg://shop:s3cret@127.0.0.1:1/shop"
    row = look(settings)
    assert not row.well
    assert "Connection refused" in row.says
    assert "s3cret" not in row.says


def test_a_user_that_is_missing_is_not_well(settings):
    settings["system.user"] = "no-such-user"
    assert not status.database(settings).well


@pytest.mark.parametrize(
    ("room", "names", "well"), [(50, 50, True), (5, 5, True), (4, 50, False), (50, 4, False)]
)
def test_a_disk_is_well_until_its_room_or_its_names_are_nearly_used_up(
    settings, monkeypatch, room, names, well
):
    def statvfs(_folder):
        return os.statvfs_result((1, 2**30, 100, room, room, 100, names, names, 0, 255))

    monkeypatch.setattr("ocpizza.operations.disks.os.statvfs", statvfs)
    row = status.disk(settings)
    assert row.well is well
    assert f"{room}.0 GiB free of 100.0 ({min(room, names)} %)" in row.says


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a disk")
def test_a_full_disk_of_the_logs_is_told_though_the_others_have_room(settings, tmp_path):
    full = tmp_path / "log"
    full.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", full], check=True)
    try:
        (full / "log").write_bytes(bytes(2**20))
        row = status.disk(settings | {"folders.logs": full / "ocpizza"})
    finally:
        subprocess.run(["umount", full], check=True)
    assert not row.well
    assert row.says == f"{full}: 0.0 GiB free of 0.0 (0 %): make room there"


def test_a_full_disk_of_the_database_is_told_too(settings, monkeypatch, tmp_path):
    monkeypatch.setattr(status, "OTHERS", (tmp_path, tmp_path / "nowhere"))
    assert status.disk(settings).says.count("GiB free of") == len(
        {path.stat().st_dev for path in (tmp_path, settings["folders.state"].parent)}
    )


def test_the_version_is_said(settings):
    assert status.version(settings).says == __version__


def test_all_is_well_when_every_row_is():
    good, bad = Row("disk", True, "1 GiB free"), Row("website", False, "no answer")
    assert well([good, good])
    assert not well([good, bad])
    assert str(good).split() == ["ok", "disk", "1", "GiB", "free"]
    assert str(bad).startswith("BAD")
    assert json.dumps(bad.as_dict())

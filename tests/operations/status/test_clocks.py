"""A clock that nobody keeps right, or that is far from what is known."""

import os
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

import ocpizza
from factories import make_pizzeria, order_of
from ocpizza.operations import systemd
from ocpizza.operations.status import clocks
from ocpizza.operations.status.clocks import DO, clock
from ocpizza.operations.status.row import Row


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("yes\n", Row("clock", True, "synchronised")),
        ("no\n", Row("clock", False, f"not synchronised: {DO}")),
        ("", Row("clock", True, "who keeps it is not known")),
    ],
)
def test_one_that_nobody_synchronises_is_told(settings, systemctl, said, row):
    (systemctl / "clock").write_text(said)
    assert clock(settings) == row


def test_a_container_has_its_host_s(settings, systemctl):
    (systemctl / "clock").write_text("no\n")
    (systemctl / "container").write_text("systemd-nspawn\n")
    assert clock(settings) == Row("clock", True, "the host keeps it")


def test_without_systemd_it_is_judged_by_what_is_known(settings, systemctl, monkeypatch):
    monkeypatch.setattr(systemd, "RUNNING", systemctl / "nowhere")
    assert clock(settings) == Row("clock", True, "who keeps it is not known")


@pytest.mark.parametrize(("minutes", "well"), [(-60, True), (4, True), (6, False)])
def test_one_behind_the_newest_mail_is_wrong(
    settings, systemctl, committed_database, minutes, well
):
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    with Session(committed_database) as session, session.begin():
        order_of(session, make_pizzeria(session), email="julia@example.org", now=at)
    row = clock(settings)
    assert row.well is well
    if not well:
        told = f"it is before the newest mail was written, on {at:%Y-%m-%d %H:%M} UTC: {DO}"
        assert row.says == told


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("hours", [1, -1])
def test_one_far_from_the_database_s_is_wrong(settings, systemctl, monkeypatch, hours):
    class Wrong(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime.now(zone) + timedelta(hours=hours)

    monkeypatch.setattr(clocks, "datetime", Wrong)
    row = clock(settings)
    assert not row.well
    assert re.search(r"(3599|3600|3601) s from the database’s: ", row.says)


def test_one_before_this_version_was_made_is_wrong(settings, systemctl, monkeypatch, tmp_path):
    made = tmp_path / "__init__.py"
    made.write_text("")
    later = datetime.now(UTC) + timedelta(days=2)
    os.utime(made, (later.timestamp(), later.timestamp()))
    monkeypatch.setattr(ocpizza, "__file__", str(made))
    row = clock(settings)
    assert not row.well
    assert row.says == f"it is before this version was made, on {later:%Y-%m-%d}: {DO}"


def test_a_database_that_is_silent_says_nothing_of_it(settings, systemctl):
    settings["database.url"] = "postgresql+psycopg://shop@127.0.0.1:1/shop"
    assert clock(settings) == Row("clock", True, "synchronised")

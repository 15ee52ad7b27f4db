"""Every row of `ocpizza status` is there, whatever the others come to, and says what to do."""

import json
import re
import signal

import pytest

from ocpizza import __version__
from ocpizza.operations import status
from ocpizza.operations.status import Row, program, well
from ocpizza.operations.status.row import amiss
from ocpizza.settings import SettingError

NAMES = [
    "version",
    "settings",
    "service",
    "socket",
    "worker",
    "live",
    "watchdog",
    "timers",
    "database",
    "migrations",
    "mail",
    "payments",
    "legal",
    "website",
    "certificate",
    "backup",
    "restoration",
    "cyclic",
    "update",
    "disk",
    "clock",
]
# What somebody can do: run a command, write a setting, ask somebody else.
TO_DO = re.compile(r": .*(sudo |ocpizza\.ini|https://|supervisor|make room|df -h)")


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


def test_what_is_looked_at_and_in_which_order(settings):
    assert [row.name for row in status.rows(settings)] == NAMES


def test_whatever_is_broken_at_once_each_row_is_there_and_says_what_to_do(
    settings, monkeypatch, tmp_path
):
    def hang(*_):
        signal.pause()

    monkeypatch.setattr("ocpizza.operations.status.at_once.SECONDS", 1.0)
    monkeypatch.setattr(status.ask_all, "__defaults__", (1.0,))
    monkeypatch.setattr("ocpizza.operations.status.visitors.probe", hang)
    settings |= {
        "database.url": "postgresql+psycopg://shop:s3cret@127.0.0.1:1/shop",
        "database.migrations": tmp_path / "nowhere",
        "folders.backups": tmp_path / "file" / "backups",
    }
    (tmp_path / "file").write_text("")
    found = status.rows(settings, [SettingError("ocpizza.ini: unknown setting a.b")])
    assert [row.name for row in found] == NAMES
    wrong = {row.name: row.says for row in found if not row.well}
    assert set(NAMES) - set(wrong) <= {
        "version",
        "legal",
        "certificate",
        "update",
        "disk",
        "clock",
    }
    assert wrong["website"].startswith("no answer within 1 s: ")
    assert [says for says in wrong.values() if not TO_DO.search(says)] == []
    assert "s3cret" not in str(found)


def test_a_user_that_is_missing_is_not_well(settings):
    settings["system.user"] = "no-such-user"
    (row,) = (row for row in status.rows(settings) if row.name == "database")
    assert not row.well
    assert row.says.endswith("there is no such user here: sudo ocpizza deploy")


def test_settings_that_are_wrong_hide_nothing_else(settings):
    wrong = SettingError("ocpizza.ini: server.workers = 'some': not a number")
    found = status.rows(settings, [wrong])
    assert str(found[1]) == (
        f"BAD  settings    {wrong}: mend it, sudo ocpizza check-settings, "
        "sudo systemctl reload ocpizza"
    )
    assert [row.well for row in found if row.name == "database"] == [True]


def test_what_the_legal_pages_lack_is_told_and_stops_nothing(settings):
    row = program.legal(settings)
    assert row.well
    assert row.says.startswith("to fill in: legal.form, legal.register, ")
    known = {name: "known" for name in settings if name.startswith("legal.")}
    assert program.legal(settings | known) == Row("legal", True, "complete")


def test_the_version_is_said(settings):
    assert program.version(settings).says == __version__


def test_all_is_well_when_every_row_is():
    good, bad = Row("disk", True, "1 GiB free"), Row("website", False, "no answer")
    assert well([good, good])
    assert not well([good, bad])
    assert str(good).split() == ["ok", "disk", "1", "GiB", "free"]
    assert str(bad).startswith("BAD")
    assert json.dumps(bad.as_dict())


def test_a_row_is_one_line_however_long_what_is_wrong_is_told():
    assert amiss("website", "answers\n\n502 ", "look").says == "answers 502 : look"

"""Errors of commands: a traceback always, one line where nobody sees it, and their own ending."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy.exc import SQLAlchemyError

from commands import complaint, run
from error_reports.kent_server import Kent, dsn_of, free_port, refusing_server, silent_server
from ocpizza.db import make_engine
from ocpizza.error_reports import sentry
from ocpizza.operations.cyclic_update.parts import PartFailed, attempt
from ocpizza.operations.work import Worker
from ocpizza.outage import Outage

BROKEN = """
import sys
from ocpizza.operations import check
def fail(*_):
    secret = "zephyrine@example.org"
    raise RuntimeError(f"failed for {secret}")
check.check_database = fail
from ocpizza.cli import main
sys.argv[0] = "ocpizza"
main()
"""


@pytest.fixture
def config(tmp_path) -> Path:
    """Settings whose database is nowhere; who is told is in the environment."""
    path = tmp_path / "ocpizza.ini"
    path.write_text(
        f"[folders]\nbackups = {tmp_path}/nowhere\n"
        f"[database]\nurl = sqlite:///{tmp_path}/nothing.sqlite\nmigrations = {tmp_path}\n"
        "[session]\nsecret_file = session.key\n"
    )
    return path


def telling(dsn: str) -> dict[str, str]:
    return {"OCPIZZA_SUPERVISION_SENTRY_DSN": dsn}


def run_broken(config: Path, dsn: str, *arguments: str, **how) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BROKEN, "--config", str(config), *arguments]
    how = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True} | how
    return subprocess.run(command, env=os.environ | telling(dsn), timeout=120, **how)


def test_an_error_that_nobody_expected_is_told(kent, config):
    done = run_broken(config, kent.dsn, "check")
    assert done.returncode == 1
    assert "failed for (hidden)" in done.stderr
    event = kent.one()
    assert event["transaction"] == "ocpizza check"
    assert event["level"] == "fatal"
    (error,) = event["exception"]["values"]
    assert (error["type"], error["value"]) == ("RuntimeError", "")
    assert error["stacktrace"]["frames"][-1]["function"] == "fail"


@pytest.mark.parametrize("where", ["silent", "refusing"])
def test_a_sentry_that_fails_changes_no_ending(config, where):
    def seconds(dsn: str) -> float:
        began = time.monotonic()
        assert run_broken(config, dsn, "check").returncode == 1
        return time.monotonic() - began

    if where == "refusing":
        with refusing_server(500) as (dsn, asked):
            seconds(dsn)
        assert asked == ["/api/1/envelope/"]
    else:
        usual = seconds("")
        with silent_server() as dsn:
            # What it loads, and two seconds of waiting; the machine may be busy.
            assert seconds(dsn) < 3 * usual + 4


def test_a_task_that_failed_in_one_line_is_told_where_nobody_saw_it(kent: Kent, config):
    result = run(config, "backup", **telling(kent.dsn))
    assert result.exit_code != 0
    event = kent.one()
    assert event["transaction"] == "ocpizza backup"
    assert event["exception"]["values"][-1]["type"] == "BackupError"


@pytest.mark.parametrize("arguments", [["watchdog"], ["undeploy"]])
def test_a_command_that_asks_for_no_settings_is_told_too(kent, config, arguments, monkeypatch):
    monkeypatch.setattr("ocpizza.operations.privileges.is_root", lambda: False)
    assert run(config, *arguments, **telling(kent.dsn)).exit_code == 1
    event = kent.one()
    assert event["transaction"] == f"ocpizza {arguments[0]}"
    assert event["exception"]["values"][-1]["type"] == "NotRoot"


def test_settings_that_are_wrong_are_told_by_those_that_are_right(kent, config):
    wrong = {"OCPIZZA_ORDERS_UNPAID_CENTS": "zephyrine"}
    complaint(run(config, "backup", **telling(kent.dsn), **wrong))
    event = kent.one()
    assert event["transaction"] == "ocpizza backup"
    assert event["exception"]["values"][-1]["type"] == "SettingError"
    assert "zephyrine" not in repr(kent.everything())


@pytest.mark.parametrize("failure", [PartFailed, SQLAlchemyError])
def test_a_part_of_the_mornings_work_that_failed_is_told_by_its_name(told, failure):
    def act():
        raise failure("no answer")

    assert attempt("city_002", act).error
    event = told.one()
    assert event["tags"] == {"part": "city_002"}
    assert event["exception"]["values"][-1]["type"] == failure.__name__


def test_a_deployment_that_failed_is_told(kent, config, monkeypatch, tmp_path):
    from ocpizza.operations.deploy.host import Failed
    from ocpizza.operations.deploy.run import run_steps

    def step_that_fails(_host):
        raise Failed(f"no room for {'zephyrine'.lower()}")

    def deploy(settings, *_):
        host = type("Host", (), {"settings": settings | {"folders.logs": tmp_path}})()
        return run_steps([("ONE", [step_that_fails])], host, print)

    monkeypatch.setattr("ocpizza.operations.deploy.deploy", deploy)
    monkeypatch.setattr("ocpizza.cli.deployment.require_root", lambda _: None)
    assert run(config, "deploy", **telling(kent.dsn)).exit_code == 1
    (error,) = kent.one()["exception"]["values"]
    assert error["stacktrace"]["frames"][-1]["function"].endswith("step_that_fails")
    assert "zephyrine" not in repr(kent.everything())


def test_what_somebody_has_read_on_their_terminal_is_not_told(kent, config):
    master, terminal = pty.openpty()
    try:
        for arguments in (["backup"], ["backup", "--no-such"]):
            streams = {"stdin": terminal, "stdout": terminal, "stderr": terminal}
            done = run_broken(config, kent.dsn, *arguments, capture_output=False, **streams)
            assert done.returncode != 0
    finally:
        os.close(terminal)
        os.close(master)
    assert kent.events() == []


def test_status_that_is_not_well_is_no_error(kent, config):
    assert run(config, "status", **telling(kent.dsn)).exit_code == 3
    run(config, "--help", **telling(kent.dsn))
    assert kent.events() == []


def test_the_worker_tells_what_it_logs(told, settings):
    worker = Worker(make_engine(settings["database.url"], 2), settings, Event())

    def act(_now):
        worker.stop.set()
        raise RuntimeError("nobody foresaw it")

    worker._repeat(act)
    event = told.one()
    assert event["logentry"]["message"] == "the worker failed, trying again"
    assert event["exception"]["values"][0]["value"] == "nobody foresaw it"


def test_a_database_that_stays_down_is_one_report(told):
    outage = Outage()
    for _ in range(5):
        outage.failed(TimeoutError("no answer"))
    events = told.wait_for(1)
    assert [event["logentry"]["message"] for event in events] == ["the database is down"]


def test_a_try_says_that_it_arrived(kent, config):
    result = run(config, "report-test", **telling(kent.dsn))
    assert result.exit_code == 0, result.stderr
    event = kent.one()
    assert result.output == f"Sentry took the report {event['event_id']} (production)\n"
    assert event["level"] == "info"
    assert event["transaction"] == "ocpizza report-test"


def test_a_try_says_why_it_did_not(config, monkeypatch):
    monkeypatch.setattr(sentry, "PATIENCE_SECONDS", 0.5)
    assert "sentry_dsn is empty" in complaint(run(config, "report-test"))
    said = complaint(run(config, "report-test", **telling(dsn_of(free_port()))))
    assert "Connection refused" in said
    with silent_server() as dsn:
        assert complaint(run(config, "report-test", **telling(dsn))).endswith("no answer")
    with refusing_server(403) as (dsn, _):
        assert complaint(run(config, "report-test", **telling(dsn))).endswith("HTTP 403")


@pytest.mark.parametrize(
    "dsn",
    [
        "https://o0.ingest.sentry.io/123",
        "https://s3cretkey@o0.ingest.sentry.io/",
        "https://s3cretkey@o0.ingest.sentry.io/shop",
        "https://s3cretkey@o0.ingest.sentry.io/123?x=1",
        "http://s3cretkey@sentry.example.org/123",
        "https://s3cretkey@o0.ingest.sentry.io:port/123",
        "https://s3cretkey@:8/123",
        "ftp://s3cretkey@o0.ingest.sentry.io/123",
        "s3cretkey",
    ],
)
def test_a_dsn_that_is_none_is_one_line_that_does_not_quote_it(config, dsn):
    said = complaint(run(config, "check-settings", **telling(dsn)))
    assert "supervision.sentry_dsn: expected a DSN such as https://KEY@" in said
    assert "s3cretkey" not in said


@pytest.mark.parametrize(
    "dsn",
    [
        "",
        "https://0123456789abcdef@o1.ingest.de.sentry.io/45",
        "https://0123456789abcdef@sentry.example.org:9000/sentry/45",
        "http://public@127.0.0.1:9000/1",
    ],
)
def test_a_dsn_as_sentry_gives_it_is_right(config, dsn):
    assert run(config, "check-settings", **telling(dsn)).exit_code == 0


def test_an_environment_is_a_word(config):
    said = complaint(run(config, "check-settings", OCPIZZA_SUPERVISION_ENVIRONMENT="a b"))
    assert "supervision.environment = 'a b': expected a word such as production" in said

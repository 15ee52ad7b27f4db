"""Sentry is down, slow, full or refusing: whoever fails waits for nothing, and nothing grows."""

import subprocess
import sys
import time

import pytest
import structlog

from error_reports.kent_server import dsn_of, free_port, refusing_server, silent_server
from ocpizza import error_reports, preload
from ocpizza.error_reports import flood, post, sentry
from ocpizza.error_reports.flood import Flood
from views.website import SHOP

VIEW = "ocpizza.views.catalogue.menu.basket_bar"
QUICK = 1.0


def failures(capsys) -> list[str]:
    return [line for line in capsys.readouterr().err.splitlines() if "Sentry takes" in line]


@pytest.fixture
def broken_menu(monkeypatch):
    def fail(*_):
        raise RuntimeError("the bar is broken")

    monkeypatch.setattr(VIEW, fail)


def test_a_silent_sentry_costs_a_page_nothing(tell, browser, broken_menu):
    browser.get("/")
    with silent_server() as dsn:
        tell(dsn)
        browser.get(SHOP, status=500)
        began = time.monotonic()
        for _ in range(5):
            browser.get(SHOP, status=500)
        assert time.monotonic() - began < QUICK


def test_what_finds_no_room_is_lost_at_once(tell, monkeypatch):
    monkeypatch.setattr(flood, "EACH", 1000)
    monkeypatch.setattr(flood, "ALL", 1000)
    with silent_server() as dsn:
        tell(dsn)
        began = time.process_time()
        for _ in range(3 * post.MAX_WAITING):
            structlog.get_logger().error("again")
        waiting = error_reports._reporter._post._client.transport._worker._queue.qsize()
        assert waiting <= post.MAX_WAITING
        assert time.process_time() - began < 5 * QUICK


def test_what_cannot_be_sent_is_said_once_until_it_is_well_again(tell, kent, capsys, monkeypatch):
    tell(dsn_of(free_port()))
    for number in range(3):
        structlog.get_logger().error("again")
        error_reports._reporter.finish(10)
        assert len(failures(capsys)) == (number == 0)
    transport = error_reports._reporter._post._client.transport
    for status in (500, 413, 429):
        with refusing_server(status) as (dsn, asked):
            tell(dsn)
            structlog.get_logger().error("once")
            error_reports._reporter.finish(10)
            structlog.get_logger().error("again")
            error_reports._reporter.finish(10)
            # Who said 429 is left in peace for a while.
            assert len(asked) == (1 if status == 429 else 2)
            assert len(failures(capsys)) == 1
    assert transport.said.startswith("NewConnectionError")


def test_reports_that_arrive_again_are_said_too(told, capsys):
    error_reports.load()
    error_reports._reporter._post._client.transport._note("down")
    structlog.get_logger().error("once")
    error_reports._reporter.finish(10)
    assert [line.count("again") for line in failures(capsys)] == [0, 1]


def test_a_flood_is_told_of_and_not_told(told, browser, broken_menu):
    for _ in range(2 * flood.EACH):
        browser.get(SHOP, status=500)
    structlog.get_logger().error("the end")
    error_reports._reporter.finish(10)
    texts = [event["logentry"]["message"] for event in told.events()]
    assert texts == ["crash"] * flood.EACH + ["the end"]


def test_a_flood_of_different_errors_ends_too_and_may_come_back_later(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(flood.time, "monotonic", lambda: now[0])
    some = Flood()
    for _ in range(3):
        passed = [kind for kind in range(1000) if some.passes(kind)]
        assert len(passed) == flood.ALL
        assert len(some._seen) <= flood.ALL + 1000
        now[0] += flood.SECONDS


def test_a_report_that_cannot_be_made_harms_nobody(told, browser, broken_menu, monkeypatch):
    def fail(*_):
        raise RuntimeError("no event")

    monkeypatch.setattr(sentry, "make_event", fail)
    browser.get(SHOP, status=500)
    monkeypatch.undo()
    structlog.get_logger().error("the end")
    assert [event["logentry"]["message"] for event in told.wait_for(1)] == ["the end"]


def test_an_error_without_end_is_told_in_part(told):
    def fall(depth: int) -> int:
        return fall(depth + 1)

    try:
        fall(0)
    except RecursionError as error:
        structlog.get_logger().error("deep", exc_info=error)
    frames = told.one()["exception"]["values"][0]["stacktrace"]["frames"]
    assert 10 < len(frames) <= 60


def python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


def test_nothing_of_sentry_is_loaded_where_nobody_is_told(monkeypatch):
    imported = []
    monkeypatch.setattr(preload.importlib, "import_module", imported.append)
    for name in ("_load_languages", "_rehearse_documents", "templates", "common_passwords"):
        monkeypatch.setattr(preload, name, lambda: None)
    preload.preload()
    assert "ocpizza.error_reports.sentry" in imported
    assert "ocpizza.error_reports.post" not in imported
    program = "import ocpizza.error_reports, sys; print('sentry_sdk' in sys.modules)"
    done = python(program)
    assert done.stdout == "False\n", done.stderr

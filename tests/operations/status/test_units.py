"""Units and timers that are off, failed, or crash now and then. Programs say what systemd would."""

import time

import pytest
from sqlalchemy import make_url

from live.streams import running
from ocpizza.operations import systemd
from ocpizza.operations.deploy.gunicorn import TIMERS
from ocpizza.operations.status import units
from ocpizza.operations.status.row import Row

JOBS = [timer.removesuffix(".timer") for timer in TIMERS if "watchdog" not in timer]
START = "sudo systemctl start ocpizza"
SITE, WORKER = "ocpizza.service", "ocpizza-worker.service"


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


def says(folder, unit: str, *lines: str) -> None:
    (folder / unit).write_text("".join(f"{line}\n" for line in lines))


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("active running", Row("service", True, "active running")),
        ("reloading reload", Row("service", True, "reloading reload")),
        ("inactive dead", Row("service", False, f"inactive dead: {START}")),
        *[
            (
                state,
                Row(
                    "service",
                    False,
                    f"{state}: sudo journalctl -u {SITE} -n 50; "
                    f"sudo systemctl reset-failed {SITE}; {START}",
                ),
            )
            for state in ("failed failed", "activating auto-restart", "deactivating stop-sigterm")
        ],
    ],
)
def test_a_unit_that_does_not_run_says_what_to_do(settings, systemctl, state, told):
    active, sub = state.split()
    says(systemctl, SITE, f"ActiveState={active}", f"SubState={sub}")
    assert units.service(settings) == told


@pytest.mark.parametrize(
    ("result", "restart", "well"),
    [("success", "always", True), ("exit-code", "always", False), ("success", "on-failure", False)],
)
def test_a_worker_that_ended_well_and_starts_anew_is_well(
    settings, systemctl, result, restart, well
):
    state = ("ActiveState=activating", "SubState=auto-restart")
    says(systemctl, WORKER, *state, f"Result={result}", f"Restart={restart}")
    assert units.worker(settings).well is well


def test_one_that_starts_is_waited_for_and_not_for_ever(settings, systemctl, monkeypatch):
    starts, runs = (
        "ActiveState=activating\\nSubState=start",
        "ActiveState=active\\nSubState=running",
    )
    (systemctl / "systemctl").write_text(
        f"#!/bin/sh\ncd {systemctl}\necho >>looks\n"
        f"[ $(wc -l <looks) -gt 2 ] && printf '{runs}\\n' || printf '{starts}\\n'\n"
    )
    assert units.service(settings) == Row("service", True, "active running")
    (systemctl / "looks").unlink()
    monkeypatch.setattr(units, "STARTS_WITHIN", 0.0)
    assert units.service(settings).says.startswith("activating start: ")


@pytest.mark.parametrize("look", [units.socket, units.worker, units.live])
def test_so_do_its_socket_and_what_runs_beside_it(settings, systemctl, look):
    for unit in ("ocpizza.socket", "ocpizza-worker.service", "ocpizza-live.service"):
        says(systemctl, unit, "ActiveState=inactive", "SubState=dead")
    assert look(settings).says == f"inactive dead: {START}"


def test_what_tells_pages_says_how_many(settings, systemctl):
    says(systemctl, "ocpizza-live.service", "ActiveState=active", "SubState=running")
    assert units.live(settings) == Row("live", True, "active running")
    with running(settings, make_url(settings["database.url"])) as served:
        row = units.live(settings | {"live.socket": served.path})
    assert row == Row("live", True, f"active running, 0 of {settings['live.streams']} pages")


@pytest.mark.parametrize(
    ("policy", "crashes", "hours", "well"),
    [
        ("on-failure", 2, 0, True),
        ("on-failure", 3, 0, False),
        ("on-failure", 3, 7, True),
        ("always", 9, 0, True),
    ],
)
def test_one_that_crashes_again_and_again_is_not_well_though_it_runs(
    settings, systemctl, policy, crashes, hours, well
):
    began = int((time.monotonic() - hours * 3600) * 1e6)
    lines = ["ActiveState=active", "SubState=running", f"NRestarts={crashes}"]
    lines += [f"Restart={policy}", f"ActiveEnterTimestampMonotonic={began}"]
    says(systemctl, SITE, *lines)
    row = units.service(settings)
    assert row.well is well
    if not well:
        told = f"active running, but crashed 3 times, lately too: sudo journalctl -u {SITE} -n 50"
        assert row.says == told


def test_what_systemd_does_not_say_is_not_taken_for_good(settings, systemctl):
    says(systemctl, SITE)
    row = units.service(settings)
    assert not row.well
    assert row.says == f"{units.UNKNOWN}: {units.ASK_AGAIN}"


def test_a_watchdog_that_is_off_says_how_to_have_it_back(settings, systemctl):
    assert units.watchdog(settings).well
    says(systemctl, "ocpizza-watchdog.timer", "ActiveState=inactive")
    told = "off: sudo systemctl enable --now ocpizza-watchdog.timer"
    assert units.watchdog(settings) == Row("watchdog", False, told)


def test_timers_that_are_on_are_named(settings, systemctl):
    assert units.timers(settings) == Row("timers", True, ", ".join(JOBS))


@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize(
    ("kind", "lines", "do"),
    [
        (
            "timer",
            ["ActiveState=inactive"],
            "{0}.timer is inactive: sudo systemctl enable --now {0}",
        ),
        ("timer", ["ActiveState=failed"], "{0}.timer failed: sudo journalctl -u {0}.timer -n 50; "),
        ("timer", [""], "{0}.timer is unknown to systemd: sudo systemctl enable --now {0}"),
        (
            "timer",
            ["ActiveState=active", "UnitFileState=disabled"],
            "{0}.timer will not start with the machine: sudo systemctl enable {0}.timer",
        ),
        (
            "service",
            ["ActiveState=failed"],
            "{0}.service failed: sudo journalctl -u {0}.service -n 50; sudo systemctl start {0}",
        ),
    ],
)
def test_each_timer_that_is_off_or_failed_says_what_to_do(
    settings, systemctl, job, kind, lines, do
):
    says(systemctl, f"{job}.{kind}", *lines)
    row = units.timers(settings)
    assert not row.well
    assert row.says.startswith(do.format(job))


def test_a_job_that_is_tried_again_has_failed_all_the_same(settings, systemctl):
    says(systemctl, "ocpizza-backup.service", "ActiveState=activating", "SubState=auto-restart")
    assert units.timers(settings).says.startswith("ocpizza-backup.service failed: sudo journalctl")
    says(systemctl, "ocpizza-backup.service", "ActiveState=activating", "SubState=start")
    assert units.timers(settings).well


def test_several_are_all_told(settings, systemctl):
    for job in JOBS:
        says(systemctl, f"{job}.timer", "ActiveState=inactive")
    assert units.timers(settings).says.count("is inactive: ") == len(JOBS)


def test_so_is_one_that_an_administrator_enabled_for_a_restaurant(
    settings, systemctl, monkeypatch, tmp_path
):
    monkeypatch.setattr(systemd, "ENABLED_TIMERS", tmp_path)
    own = "ocpizza-cyclic-update@city_002"
    (tmp_path / f"{own}.timer").write_text("")
    assert units.timers(settings).says.endswith(f", {own}")
    says(systemctl, f"{own}.service", "ActiveState=failed")
    assert units.timers(settings).says.startswith(f"{own}.service failed: sudo journalctl -u {own}")


def test_a_drill_that_could_not_read_encrypted_archives_is_not_missed(settings, systemctl):
    says(systemctl, units.DRILL, "ActiveState=inactive")
    assert not units.timers(settings).well
    assert units.timers(settings | {"backup.recipient": "age1…"}).well


@pytest.mark.parametrize(
    "look",
    [units.service, units.socket, units.worker, units.live, units.watchdog, units.timers],
)
def test_without_systemd_each_says_so(settings, systemctl, monkeypatch, look):
    monkeypatch.setattr(systemd, "RUNNING", systemctl / "nowhere")
    row = look(settings)
    assert not row.well
    assert row.says == f"{units.WITHOUT_SYSTEMD}: {units.START_WITH_IT}"

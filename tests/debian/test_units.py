"""What systemd is told: crash loops end, administrators do not."""

import configparser
from pathlib import Path

import pytest

from ocpizza.live.run import WELL_EVERY
from ocpizza.live.server import BEAT
from ocpizza.server import METRICS
from ocpizza.settings import load_settings

SYSTEMD = Path(__file__).parents[2] / "systemd"
# What starts anew by itself.
RESTARTED = (
    "ocpizza.service",
    "ocpizza-worker.service",
    "ocpizza-live.service",
    "nginx.service.d/ocpizza.conf",
)
# A start that fails takes about as long, in seconds, and is tried anew after `RestartSec`.
FAILING = 5


def read(name: str) -> configparser.ConfigParser:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(SYSTEMD / name)
    return unit


@pytest.mark.parametrize("name", RESTARTED)
def test_what_crashes_at_each_start_is_given_up_and_who_restarts_by_hand_is_not(name):
    unit = read(name)
    seconds = unit.getint("Unit", "StartLimitIntervalSec")
    times = unit.getint("Unit", "StartLimitBurst")
    assert (unit.getint("Service", "RestartSec") + FAILING) * times <= seconds
    # One restart or reload every ten seconds, for as long as one likes.
    assert times / seconds >= 1 / 10


def test_a_database_whose_disk_was_full_is_never_given_up():
    unit = read("postgresql@.service.d/ocpizza.conf")
    assert unit.getint("Unit", "StartLimitIntervalSec") == 0
    assert unit.get("Service", "Restart") == "on-failure"


def test_the_socket_of_the_figures_is_this_machines_alone_and_stops_no_site():
    """Others' ports are theirs: where it is taken, the site starts without."""
    unit, service = read("ocpizza-metrics.socket"), read("ocpizza.service")
    assert unit.get("Socket", "FileDescriptorName") == METRICS
    assert unit.get("Socket", "Service") == "ocpizza.service"
    assert unit.get("Socket", "ListenStream").startswith("127.0.0.1:")
    # A stopped site is not started by Prometheus.
    assert unit.get("Unit", "StopWhenUnneeded") == "yes"
    assert "ocpizza-metrics.socket" in service.get("Unit", "Wants").split()
    assert "ocpizza-metrics.socket" not in service.get("Unit", "Requires").split()
    installed = (SYSTEMD.parent / "debian/ocpizza.install").read_text()
    assert "systemd/ocpizza-metrics.socket usr/lib/systemd/system\n" in installed


def test_what_processes_count_together_is_in_memory_and_gone_with_the_service():
    shipped = load_settings(SYSTEMD.parent / "debian/share/ocpizza.ini", {})
    folder = Path("/run") / read("ocpizza.service").get("Service", "RuntimeDirectory")
    assert folder == shipped["server.socket"].parent / "metrics"
    assert read("ocpizza.service").get("Service", "RuntimeDirectoryMode") == "0700"


def test_what_tells_pages_comes_and_goes_with_the_site_and_may_do_no_more_than_the_worker():
    """Without it the site is as it was: nothing requires it."""
    unit, service, worker = (read(f"ocpizza{name}.service") for name in ("-live", "", "-worker"))
    assert "ocpizza-live.service" in service.get("Unit", "Wants").split()
    assert "live" not in service.get("Unit", "Requires")
    assert unit.get("Unit", "PartOf") == "ocpizza.service"
    assert unit.get("Unit", "ReloadPropagatedFrom") == "ocpizza.service"
    own = ("Type", "ExecStart", "TimeoutStartSec", "TimeoutStopSec", "WatchdogSec", "OOMPolicy")
    for name in {*dict(unit["Service"]), *dict(worker["Service"])} - {*own, "LimitNOFILE"}:
        assert unit.get("Service", name) == worker.get("Service", name), name


def test_what_tells_pages_says_that_it_lives_more_often_than_systemd_wants_to_hear_it():
    unit = read("ocpizza-live.service")
    assert unit.get("Service", "Type") == "notify"
    assert unit.getint("Service", "WatchdogSec") > WELL_EVERY * 3
    # nginx waits longer than it is silent, and pages too.
    assert BEAT * 2 < 40


def test_its_socket_is_where_nginx_and_the_settings_look_for_it():
    shipped = load_settings(SYSTEMD.parent / "debian/share/ocpizza.ini", {})
    unit, gunicorns = read("ocpizza-live.socket"), read("ocpizza.socket")
    assert unit.get("Socket", "ListenStream") == str(shipped["live.socket"])
    assert f"unix:{shipped['live.socket']};" in (SYSTEMD.parent / "nginx/http.conf").read_text()
    for name in ("SocketUser", "SocketGroup", "SocketMode", "DirectoryMode", "RemoveOnStop"):
        assert unit.get("Socket", name) == gunicorns.get("Socket", name)
    assert unit.get("Unit", "StopWhenUnneeded") == "yes"
    installed = (SYSTEMD.parent / "debian/ocpizza.install").read_text()
    for kind in ("service", "socket"):
        assert f"systemd/ocpizza-live.{kind} usr/lib/systemd/system\n" in installed

"""What systemd is told: crash loops end, administrators do not."""

import configparser
from pathlib import Path

import pytest

from ocpizza.server import METRICS
from ocpizza.settings import load_settings

SYSTEMD = Path(__file__).parents[2] / "systemd"
# What starts anew by itself.
RESTARTED = ("ocpizza.service", "ocpizza-worker.service", "nginx.service.d/ocpizza.conf")
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

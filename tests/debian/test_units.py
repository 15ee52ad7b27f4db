"""What systemd is told: crash loops end, administrators do not."""

import configparser
from pathlib import Path

import pytest

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

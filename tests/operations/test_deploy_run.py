"""Steps and their log: the format, the order, what stops them, and what is said on the screen."""

import fcntl
import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine

from ocpizza.operations.deploy import STEPS
from ocpizza.operations.deploy.host import Failed, Host, Waiting
from ocpizza.operations.deploy.run import FAILED, NO_DATABASE, OK, event_name, run_steps

LINE = re.compile(
    r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-\d{3} : [A-Z][a-z0-9]*(-[a-z0-9]+)* > (CORRECT|ERROR)"
)


@pytest.fixture
def host(tmp_path) -> Host:
    return Host({"folders.logs": tmp_path / "logs"}, tmp_path / "ocpizza.ini")


@pytest.fixture
def said() -> list[str]:
    return []


def log_of(host: Host) -> list[str]:
    return (host.settings["folders.logs"] / "deploy_logs").read_text().splitlines()


def oven_lit(host):
    return None


def dough_risen(host):
    return "eight hours"


def sauce_made(host):
    raise Failed("no tomatoes", "buy some")


def cheese_there(host):
    raise Waiting("no milk yet")


def box_folded(host):
    raise OSError(28, "No space left on device", "/boxes")


def never_reached(host):
    raise AssertionError("a step after a failure was taken")


def test_the_steps_are_those_of_the_manual_in_its_order():
    assert [name for name, _ in STEPS] == [
        "UBUNTU",
        "POSTGRESQL DataBase",
        "VIRTUAL ENVIRONMENT",
        "PYRAMID PROJECT",
        "GUNICORN",
        "NGINX",
        "Final step",
    ]


def test_every_event_of_every_step_has_a_name_of_its_own_and_says_what_it_is():
    events = [event for _, events in STEPS for event in events]
    assert len({event_name(event) for event in events}) == len(events)
    for event in events:
        assert event.__doc__
        assert LINE.fullmatch(f"2026-11-25_10-00-00-000 : {event_name(event)} > CORRECT")


def test_each_event_is_one_line_of_the_log_under_the_header_of_its_step(host, said):
    steps = (("UBUNTU", (oven_lit,)), ("NGINX", (dough_risen, oven_lit)))
    at = datetime(2026, 7, 14, 23, 30, 1, 42_000, tzinfo=ZoneInfo("Europe/Paris"))
    with time_machine.travel(at, tick=False):
        assert run_steps(steps, host, said.append) == OK
    assert log_of(host) == [
        "# Step 1 : UBUNTU",
        "2026-07-14_23-30-01-042 : Oven-lit > CORRECT",
        "# Step 2 : NGINX",
        "2026-07-14_23-30-01-042 : Dough-risen > CORRECT",
        "    eight hours",
        "2026-07-14_23-30-01-042 : Oven-lit > CORRECT",
    ]
    assert said == [
        "# Step 1 : UBUNTU",
        "  Oven-lit > CORRECT",
        "# Step 2 : NGINX",
        "  Dough-risen > CORRECT",
        "    eight hours",
        "  Oven-lit > CORRECT",
    ]


@pytest.mark.parametrize(
    ("event", "status", "causes"),
    [
        (sauce_made, FAILED, ["    no tomatoes", "    buy some"]),
        (cheese_there, NO_DATABASE, ["    no milk yet"]),
        (box_folded, FAILED, ["    [Errno 28] No space left on device: '/boxes'"]),
    ],
)
def test_what_fails_stops_the_rest_and_says_why_in_the_log_and_on_the_screen(
    host, said, event, status, causes
):
    steps = (("UBUNTU", (oven_lit, event, never_reached)), ("NGINX", (never_reached,)))
    assert run_steps(steps, host, said.append) == status
    header, good, bad, *why = log_of(host)
    assert header == "# Step 1 : UBUNTU"
    assert LINE.fullmatch(good)
    assert LINE.fullmatch(bad)
    assert bad.endswith(f" : {event_name(event)} > ERROR")
    assert why == causes
    assert said[2:][: 1 + len(causes)] == [f"  {event_name(event)} > ERROR", *causes]
    assert any("ocpizza deploy" in line for line in said) is (status == FAILED)


def test_a_second_run_is_added_to_the_log(host, said):
    steps = (("UBUNTU", (oven_lit,)),)
    run_steps(steps, host, said.append)
    run_steps(steps, host, said.append)
    assert [line.split(" > ")[-1] for line in log_of(host)] == ["# Step 1 : UBUNTU", "CORRECT"] * 2


def test_a_log_that_cannot_be_opened_is_a_reason_on_the_screen(host, said, tmp_path):
    (tmp_path / "logs").write_text("a file where the folder should be")
    assert run_steps((("UBUNTU", (never_reached,)),), host, said.append) == FAILED
    assert said == [
        f"Error: cannot write {tmp_path}/logs/deploy_logs: File exists; "
        "mend that, then: ocpizza deploy"
    ]


def test_a_full_disk_is_a_reason_on_the_screen(host, said):
    folder = host.settings["folders.logs"]
    folder.mkdir()
    (folder / "deploy_logs").symlink_to("/dev/full")
    assert run_steps((("UBUNTU", (never_reached,)),), host, said.append) == FAILED
    assert said[-1].startswith(f"Error: cannot write {folder}/deploy_logs: No space left on device")


def test_two_deployments_do_not_work_at_once(host, said):
    folder = host.settings["folders.logs"]
    folder.mkdir()
    with Path(folder / "deploy_logs").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert run_steps((("UBUNTU", (never_reached,)),), host, said.append) == FAILED
    assert said == ["Error: another deployment is at work; wait until it is done"]

"""The French manual names only commands, events, settings and files that exist."""

import re
from pathlib import Path

import pytest

from ocpizza.cli import main
from ocpizza.operations.deploy import STEPS
from ocpizza.operations.deploy.run import event_name

REPOSITORY = Path(__file__).parents[2]
MANUAL = (REPOSITORY / "docs" / "exploitation.md").read_text()
CODE = re.findall(r"```sh\n(.*?)```", MANUAL, re.S) + re.findall(r"`([^`\n]+)`", MANUAL)


def test_every_command_of_ours_is_one():
    named = set(re.findall(r"(?:^|sudo )ocpizza ([a-z-]+)", "\n".join(CODE), re.M))
    assert named >= {"deploy", "status", "create-manager", "demo-data", "check", "check-settings"}
    assert named <= set(main.commands)


def test_every_option_of_ours_is_one():
    for name, option in re.findall(r"ocpizza ([a-z-]+) (--[a-z-]+)", "\n".join(CODE)):
        options = [opt for parameter in main.commands[name].params for opt in parameter.opts]
        assert option in options


def test_every_event_and_step_is_one():
    events = {event_name(event) for _, step in STEPS for event in step}
    named = set(re.findall(r"([A-Z][a-z-]+) > (?:ERROR|CORRECT)", MANUAL))
    assert named
    assert named <= events
    assert ",\n".join([name for name, _ in STEPS]).replace("\n", " ") in " ".join(MANUAL.split())


@pytest.mark.parametrize("page", ["maintenance", "too-many-requests"])
def test_what_visitors_read_is_quoted_as_they_read_it(page):
    title = re.search("<h1>(.*)</h1>", (REPOSITORY / f"nginx/pages/{page}.html").read_text())[1]
    assert title in MANUAL

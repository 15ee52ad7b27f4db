"""The manual pages say all that the commands and the settings table hold."""

import os
import subprocess

import click
import pytest

from ocpizza.cli import main
from ocpizza.operations.manual import command_page, escape, settings_page
from ocpizza.settings import SETTINGS

PAGES = {"ocpizza.1": command_page, "ocpizza.ini.5": settings_page}


def part(page: str, kind: str, name: str) -> str:
    """What stands under one heading, up to the next of its kind or above."""
    _, found, after = page.partition(f"\n.{kind} {escape(name)}\n")
    assert found, f"no heading {name}"
    return after.split("\n.SS ")[0].split("\n.SH ")[0]


@pytest.mark.parametrize("name", main.commands)
def test_every_command_is_described_with_each_of_its_options(name):
    command = main.commands[name]
    described = part(command_page(), "SS", name)
    assert escape(command.help.split()[0]) in described
    for option in command.params:
        if isinstance(option, click.Option):
            assert all(escape(word) in described for word in option.opts)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_has_its_meaning_default_and_variable(setting):
    section, name = setting.name.split(".", 1)
    described = part(settings_page(), "SS", f"[{section}]")
    _, found, after = described.partition(f".TP\n.B {escape(name)}\n")
    assert found
    entry = after.split("\n.TP\n")[0]
    assert escape(setting.meaning) in entry
    assert setting.variable in entry
    assert escape(setting.default or "") in entry


@pytest.mark.parametrize(
    ("text", "roff"),
    [
        (".start of a line", r"\&.start of a line"),
        ("one\n.two", "one\n\\&.two"),
        ("'quoted' `code`", r"\(aqquoted\(aq \(gacode\(ga"),
        ("a\\b --long", r"a\eb \-\-long"),
    ],
)
def test_text_is_no_request_to_the_formatter(text, roff):
    assert escape(text) == roff


@pytest.mark.parametrize("name", PAGES)
def test_man_has_nothing_to_complain_about(tmp_path, name):
    page = tmp_path / name
    page.write_text(PAGES[name](), encoding="utf-8")
    formatted = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", page],
        env=os.environ | {"LC_ALL": "C.UTF-8", "MANROFFSEQ": "", "MANWIDTH": "80"},
        capture_output=True,
        text=True,
    )
    assert (formatted.returncode, formatted.stderr) == (0, "")
    assert "OC Pizza" in formatted.stdout

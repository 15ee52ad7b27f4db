"""`ocpizza backup --continuous` and `ocpizza restore --at`, as somebody types them."""

import pytest

from commands import complaint, run
from ocpizza.operations import privileges
from ocpizza.operations.continuous import cluster

OFF = "off: sudo ocpizza backup --continuous enable\n"


def test_where_it_is_off_it_says_how_to_turn_it_on(write_ini):
    said = run(write_ini(), "backup", "--continuous", "status")
    assert (said.exit_code, said.stdout) == (0, OFF)


@pytest.mark.parametrize(
    "command",
    [("backup", "--continuous", "enable"), ("restore", "--at", "2026-11-28 20:14")],
)
def test_for_another_kind_of_database_and_for_another_user_it_is_refused_in_one_line(
    write_ini, monkeypatch, command
):
    assert complaint(run(write_ini(), *command)) == f"Error: {cluster.ELSEWHERE}"
    monkeypatch.setattr(privileges, "is_root", lambda: False)
    shown = " ".join(command[:2]) + (" enable" if "enable" in command else "")
    assert complaint(run(write_ini(), *command)) == (
        f"Error: only root can do this: sudo ocpizza {shown}"
    )


def test_what_is_no_moment_is_refused_before_anything_is_done(write_ini):
    assert "'yesterday' is no moment: such as --at" in complaint(
        run(write_ini(), "restore", "--at", "yesterday")
    )


def test_a_moment_without_quotation_marks_is_told_with_them(write_ini):
    typed = ("restore", "--at", "2026-11-28", "20:14", "--stop")
    said = run(write_ini(), *typed)
    assert said.exit_code == 2
    assert "put the moment between quotation marks: --at '2026-11-28 20:14'" in said.stderr


def test_turning_it_off_where_it_never_was_on_speaks_of_nothing_saved(write_ini):
    said = run(
        write_ini(folders="continuous = /nowhere/at/all"), "backup", "--continuous", "disable"
    )
    assert (said.exit_code, said.output) == (0, "continuous backup is off; it saved nothing\n")


@pytest.mark.parametrize(
    "command",
    [
        ("backup", "--continuous", "enable", "--wait"),
        ("backup", "--continuous", "always"),
        ("restore", "x.tar", "--at", "2026-11-28 20:14"),
        ("restore", "--drill", "--at", "2026-11-28 20:14"),
    ],
)
def test_what_does_not_go_together_is_refused(write_ini, command):
    assert run(write_ini(), *command).exit_code == 2

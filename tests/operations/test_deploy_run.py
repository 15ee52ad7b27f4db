"""Steps and their log: the format, the order, what stops them, and what is said on the screen."""

import io
import re
import subprocess
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from ocpizza.operations.deploy import STEPS
from ocpizza.operations.deploy.host import Failed, Host, Waiting
from ocpizza.operations.deploy.log import DeployLog
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


class Terminal(io.TextIOWrapper):
    """Somebody who looks on; `shown` is what they see in the end, each line as it stands then."""

    def __init__(self, encoding: str) -> None:
        super().__init__(io.BytesIO(), encoding, write_through=True)

    def isatty(self) -> bool:
        return True

    def shown(self) -> list[str]:
        lines = []
        for line in self.buffer.getvalue().decode(self.encoding).split("\n"):
            seen = ""
            for part in line.split("\r"):
                seen = part + seen[len(part) :]
            lines.append(seen)
        return lines


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_terminal_sees_what_is_under_way_and_nothing_of_it_stays(host, monkeypatch, encoding):
    seen = []

    def slow_oven_lit(_):
        seen.extend(terminal.shown())

    slow_oven_lit.__name__ = "oven_lit"
    terminal = Terminal(encoding)
    monkeypatch.setattr("sys.stdout", terminal)
    steps = [("KITCHEN", (slow_oven_lit, dough_risen, sauce_made))]
    assert run_steps(steps, host, lambda line: print(line, file=terminal)) == FAILED
    assert seen[0] == "# Step 1 : KITCHEN"
    assert seen[1].startswith("  Oven-lit …" if encoding == "utf-8" else "  Oven-lit ")
    assert terminal.shown()[1:6] == [
        "  Oven-lit > CORRECT",
        "  Dough-risen > CORRECT",
        "    eight hours",
        "  Sauce-made > ERROR",
        "    no tomatoes",
    ]
    assert "…" not in "\n".join(log_of(host))


def test_a_pipe_gets_whole_lines_alone(host, capsys):
    assert run_steps([("KITCHEN", (oven_lit,))], host, print) == OK
    assert capsys.readouterr().out == "# Step 1 : KITCHEN\n  Oven-lit > CORRECT\n"


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


def test_two_deployments_do_not_work_at_once_though_the_log_is_rotated(host, said):
    log = host.settings["folders.logs"] / "deploy_logs"

    def log_rotated(host):
        assert log.with_name(".deploy.lock").stat().st_mode & 0o777 == 0o600
        log.rename(log.with_name("deploy_logs.1"))
        other: list[str] = []
        assert run_steps((("UBUNTU", (never_reached,)),), host, other.append) == FAILED
        assert other == ["Error: another deployment or update is at work; wait until it is done"]

    assert run_steps((("UBUNTU", (log_rotated, oven_lit)),), host, said.append) == OK
    assert log.with_name("deploy_logs.1").read_text().count("CORRECT") == 2
    assert run_steps((("UBUNTU", (oven_lit,)),), host, said.append) == OK


@pytest.mark.parametrize("gone", [BrokenPipeError(32, "Broken pipe"), OSError(5, "I/O error")])
@pytest.mark.parametrize("after", range(5))
def test_nothing_is_lost_or_stopped_because_nobody_looks_on(host, gone, after):
    heard: list[str] = []

    def say(line: str) -> None:
        assert len(heard) <= after, "somebody who has gone was told more"
        heard.append(line)
        if len(heard) > after:
            raise gone

    steps = (("UBUNTU", (oven_lit, dough_risen, sauce_made)),)
    assert run_steps(steps, host, say, undo=lambda host: (oven_lit,)) == FAILED
    ends = [line.split(" : ")[-1] for line in log_of(host)]
    assert ends == [
        "UBUNTU",
        "Oven-lit > CORRECT",
        "Dough-risen > CORRECT",
        "    eight hours",
        "Sauce-made > ERROR",
        "    no tomatoes",
        "    buy some",
        "Oven-lit > CORRECT",
    ]


@pytest.mark.parametrize("reads", [1, 3])
def test_a_pipe_that_ends_is_no_failure_of_the_command(tmp_path, reads):
    program = (
        "import sys; from pathlib import Path; import click\n"
        "from ocpizza.operations.deploy.run import run_steps\n"
        "from ocpizza.operations.deploy.host import Host\n"
        "def oven_lit(host): return None\n"
        "folder = Path(sys.argv[1])\n"
        "host = Host({'folders.logs': folder}, folder / 'ini')\n"
        "steps = (('UBUNTU', (oven_lit,) * 2000),)\n"
        "sys.exit(run_steps(steps, host, click.echo))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        for _ in range(reads):
            process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read()
    assert (process.returncode, complaints) == (0, b"")
    assert (tmp_path / "deploy_logs").read_text().count("CORRECT") == 2000


FORGED = "2026-11-25_10-00-00-000 : Shop-page > CORRECT"


@pytest.mark.parametrize(
    "between", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]
)
def test_no_name_makes_a_line_of_its_own(host, said, between):
    def file_listed(host):
        raise Failed(f"not listed: a{between}{FORGED}")

    assert run_steps((("UBUNTU", (file_listed,)),), host, said.append) == FAILED
    assert len(log_of(host)) == 3
    assert not any(line.startswith(FORGED) for text in said for line in text.splitlines())
    assert FORGED in log_of(host)[-1]


def test_what_moves_a_cursor_or_is_no_text_is_written_as_what_it_is(host, said):
    def file_listed(host):
        return "a\x1b[2Jb\u202ec\udcffd é œ «\u00a0’"

    assert run_steps((("UBUNTU", (file_listed,)),), host, said.append) == OK
    told = r"    a\x1b[2Jb\u202ec\udcffd é œ «" + "\u00a0’"
    assert (log_of(host)[-1], said[-1]) == (told, told)


def test_a_screen_that_knows_no_accents_gets_what_it_can_show(host):
    heard: list[str] = []

    def say(line: str) -> None:
        line.encode("ascii")
        heard.append(line)

    def sauce_poured(host):
        return "crème"

    assert run_steps((("UBUNTU", (sauce_poured, oven_lit)),), host, say) == OK
    assert heard[2:] == [r"    cr\xe8me", "  Oven-lit > CORRECT"]
    assert log_of(host)[2] == "    crème"


class FullAfter:
    """A file on a disk that takes so many lines."""

    def __init__(self, file, lines: int) -> None:
        self.file, self.left = file, lines

    def write(self, text: str) -> None:
        if not self.left:
            raise OSError(28, "No space left on device")
        self.left -= 1
        self.file.write(text)

    def __getattr__(self, name):
        return getattr(self.file, name)


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_what_is_done_stays_done_though_the_very_last_line_finds_no_place(
    host, said, monkeypatch, lines
):
    undone = []

    def dough_thrown_away(host):
        undone.append(True)

    entered = DeployLog.__enter__

    def enter(log):
        entered(log)
        log.file = FullAfter(log.file, lines)
        return log

    monkeypatch.setattr(DeployLog, "__enter__", enter)
    # The header and two events: the last line is the third.
    steps = (("UBUNTU", (oven_lit, dough_risen)),)
    status = run_steps(steps, host, said.append, undo=lambda host: (dough_thrown_away,))
    assert status == (FAILED if lines == 1 else OK)
    assert bool(undone) is (lines == 1)
    path = host.settings["folders.logs"] / "deploy_logs"
    if lines == 2:
        assert said[-1] == (
            "Warning: everything is done, only the log is missing its end: "
            f"cannot write {path}: No space left on device"
        )


def test_why_something_failed_is_said_though_the_log_is_full(host, said, monkeypatch):
    entered = DeployLog.__enter__

    def enter(log):
        entered(log)
        log.file = FullAfter(log.file, 1)
        return log

    monkeypatch.setattr(DeployLog, "__enter__", enter)
    assert run_steps((("UBUNTU", (sauce_made,)),), host, said.append) == FAILED
    assert "    no tomatoes" in said

"""A site that runs and answers nothing is started anew, and no other."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from pathlib import Path
from threading import Thread

import pytest

from ocpizza.operations import systemd, watchdog
from ocpizza.operations.systemd import UnitError
from ocpizza.operations.watchdog import GUNICORN, StartedAnew, watch

UNITS = Path(__file__).parents[2] / "systemd"
PATIENCE = 1
SILENCE = b"silence"
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture
def systemctl(tmp_path, monkeypatch) -> Path:
    """A folder whose `states` systemctl says, a line each time it is asked; `told` is the rest."""
    script = tmp_path / "systemctl"
    script.write_text(
        f"""#!/bin/sh
cd {tmp_path}
if [ "$1" = show ]; then
    head -1 states | tr ' ' '\\n'
    [ $(wc -l < states) = 1 ] || sed -i 1d states
else
    echo "$@" >> told
    [ ! -f refusal ] || {{ cat refusal >&2; exit 1; }}
fi
"""
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(systemd, "RUNNING", tmp_path)
    monkeypatch.setattr(watchdog, "PAUSE", 0.01)
    monkeypatch.setattr(watchdog, "LAST", 0.5)
    return tmp_path


def told(systemctl: Path) -> list[str]:
    log = systemctl / "told"
    return log.read_text().splitlines() if log.exists() else []


def states(systemctl: Path, *lines: str) -> None:
    (systemctl / "states").write_text("".join(f"{line}\n" for line in lines))


@contextmanager
def gunicorn(path: Path, *answers: bytes) -> Iterator[list[bytes]]:
    """A socket that gives these answers, one to a visitor; an empty one just goes.

    Whoever comes later waits until they go. What it was asked is in the list.
    """
    asked: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            for answer in chain(answers, repeat(SILENCE)):
                try:
                    visitor, _ = listener.accept()
                except OSError:
                    return
                with visitor:
                    asked.append(visitor.recv(4096))
                    if answer is SILENCE:
                        visitor.recv(1)
                    else:
                        visitor.sendall(answer)

        thread = Thread(target=serve)
        thread.start()
        yield asked
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize("status", ["200 OK", "503 Service Unavailable", "400 Bad Request"])
def test_one_that_answers_whatever_it_says_is_left_alone(systemctl, status):
    states(systemctl, "ActiveState=active InvocationID=1")
    answer = f"HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n".encode()
    with gunicorn(systemctl / "sock", answer) as asked:
        watch(PATIENCE, systemctl / "sock")
    assert asked[0].startswith(b"GET /health/live HTTP/1.1\r\n")
    assert told(systemctl) == []


def test_one_lost_answer_is_no_reason(systemctl):
    states(systemctl, "ActiveState=active InvocationID=1")
    with gunicorn(systemctl / "sock", b"", OK) as asked:
        watch(10, systemctl / "sock")
    assert len(asked) == 2
    assert told(systemctl) == []


def test_one_that_runs_and_answers_nothing_is_started_anew(systemctl):
    """It is asked once for all its patience, for its queue may be long, and once more."""
    states(systemctl, "ActiveState=active InvocationID=1")
    with (
        gunicorn(systemctl / "sock") as asked,
        pytest.raises(StartedAnew, match="answered nothing for 1 s"),
    ):
        watch(PATIENCE, systemctl / "sock")
    assert len(asked) == 2
    assert told(systemctl) == ["try-restart ocpizza.service"]


def test_one_that_answers_at_last_is_left_alone(systemctl):
    states(systemctl, "ActiveState=active InvocationID=1")
    with gunicorn(systemctl / "sock", SILENCE, OK):
        watch(PATIENCE, systemctl / "sock")
    assert told(systemctl) == []


def test_one_whose_socket_is_gone_is_started_anew(systemctl):
    states(systemctl, "ActiveState=active InvocationID=1")
    with pytest.raises(StartedAnew):
        watch(PATIENCE, systemctl / "sock")
    assert told(systemctl) == ["try-restart ocpizza.socket ocpizza.service"]


@pytest.mark.parametrize("state", ["inactive", "failed", "activating", "deactivating", "reloading"])
def test_one_that_was_stopped_or_is_on_its_way_is_left_alone(systemctl, state):
    states(systemctl, f"ActiveState={state} InvocationID=1")
    watch(PATIENCE, systemctl / "sock")
    assert told(systemctl) == []


@pytest.mark.parametrize(
    "later", ["ActiveState=active InvocationID=2", "ActiveState=deactivating InvocationID=1"]
)
def test_one_that_somebody_started_or_stopped_meanwhile_is_left_alone(systemctl, later):
    states(systemctl, "ActiveState=active InvocationID=1", later)
    watch(PATIENCE, systemctl / "sock")
    assert told(systemctl) == []


def test_what_systemd_refuses_is_said(systemctl):
    states(systemctl, "ActiveState=active InvocationID=1")
    (systemctl / "refusal").write_text("Failed to try-restart ocpizza.service: Access denied\n")
    with pytest.raises(
        UnitError, match=r"^systemctl try-restart ocpizza.socket ocpizza: Failed .* denied$"
    ):
        watch(PATIENCE, systemctl / "sock")


def test_whoever_may_not_ask_starts_nothing_anew(systemctl, monkeypatch):
    states(systemctl, "ActiveState=active InvocationID=1")

    class Closed(socket.socket):
        def connect(self, _address) -> None:
            raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket, "socket", Closed)
    with pytest.raises(PermissionError):
        watch(PATIENCE, systemctl / "sock")
    assert told(systemctl) == []


def test_what_systemd_does_not_say_is_not_taken_for_a_stop(systemctl):
    states(systemctl, "")
    with pytest.raises(UnitError, match="does not say whether the site runs"):
        watch(PATIENCE, systemctl / "sock")


def test_it_asks_where_the_socket_is():
    (unit,) = UNITS.glob("ocpizza.socket")
    assert f"ListenStream={GUNICORN}\n" in unit.read_text()


def test_without_systemd_nothing_is_watched(systemctl, monkeypatch):
    monkeypatch.setattr(systemd, "RUNNING", systemctl / "nowhere")
    with pytest.raises(UnitError, match="systemd is not running"):
        watch(PATIENCE, systemctl / "sock")

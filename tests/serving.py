"""The site served by gunicorn on a unix socket, as the service runs it."""

import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any, NamedTuple

from droplets.waiting import wait_until
from droplets.web import application
from views.website import Browser

PROGRAM = (sys.executable, "-m", "ocpizza.cli")
BOOTED = "Booting worker"
# Hands sockets over as systemd does: from the third file on, to the process that it becomes.
HAND_OVER = """
import os, sys
files, names, *command = sys.argv[1:]
for place, file in enumerate(files.split(","), 3):
    os.dup2(int(file), place)
told = {"PID": os.getpid(), "FDS": len(files.split(",")), "FDNAMES": names}
os.environ |= {f"LISTEN_{name}": str(value) for name, value in told.items()}
os.execv(command[0], command)
"""


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    text: str


@dataclass
class Site:
    """A running gunicorn."""

    process: subprocess.Popen[bytes]
    socket: Path
    log: Path
    # Where Prometheus asks, if anywhere.
    metrics: int = 0

    def browser(self) -> Browser:
        """A visitor's browser that speaks to the socket as nginx does."""
        return Browser(application(self, "localhost"))

    def connect(self, _port: int) -> socket.socket:
        """What `droplets.web` asks of a network."""
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(30)
        connection.connect(str(self.socket))
        return connection

    def figures(self, path: str = "/metrics", method: str = "GET", **headers: str) -> Answer:
        """What Prometheus is answered."""
        connection = HTTPConnection("127.0.0.1", self.metrics, timeout=30)
        try:
            connection.request(method, path, headers=headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read().decode())
        finally:
            connection.close()

    def said(self) -> str:
        return self.log.read_text()

    def workers(self) -> set[int]:
        """The processes that answer."""
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text()
        return set(map(int, children.split()))

    def wait_for_workers(self, count: int) -> None:
        """Wait until so many were started since the beginning."""

        def booted() -> bool:
            return self.process.poll() is not None or self.said().count(BOOTED) >= count

        wait_until(booted, 90, f"{count} workers")
        assert self.process.poll() is None, self.said()


@contextmanager
def gunicorn(
    config: Path,
    folder: Path,
    *,
    workers: int = 1,
    program: tuple[object, ...] = PROGRAM,
    crashes: bool = False,
    metrics: bool = False,
) -> Iterator[Site]:
    """Serve with these settings; socket and log are in `folder`, no traceback may be in the log.

    Unless it `crashes` on purpose. With `metrics` its sockets are handed over as by systemd, one
    for Prometheus too.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OCPIZZA_")}
    environment["OCPIZZA_SERVER_SOCKET"] = str(folder / "site.sock")
    command = [*program, "--config", config, "serve", "--gunicorn"]
    port = 0
    with (folder / "site.log").open("w") as log, ExitStack() as handed:
        streams: dict[str, Any] = {"stdout": log, "stderr": log}
        if metrics:
            front = handed.enter_context(socket.socket(socket.AF_UNIX))
            front.bind(str(folder / "site.sock"))
            back = handed.enter_context(socket.socket())
            back.bind(("127.0.0.1", 0))
            port = back.getsockname()[1]
            files = [fcntl.fcntl(each, fcntl.F_DUPFD_CLOEXEC, 50) for each in (front, back)]
            handed.callback(lambda: [os.close(file) for file in files])
            for each in (front, back):
                each.listen(2048)
            names = "ocpizza.socket:metrics"
            command = [sys.executable, "-c", HAND_OVER, ",".join(map(str, files)), names, *command]
            streams["pass_fds"] = files
        process = subprocess.Popen(command, env=environment, cwd="/", **streams)
    site = Site(process, folder / "site.sock", folder / "site.log", port)
    try:
        site.wait_for_workers(workers)
        yield site
    finally:
        process.terminate()
        process.wait(40)
    assert crashes or "Traceback" not in site.said()

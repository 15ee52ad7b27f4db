"""The site served by gunicorn on a unix socket, as the service runs it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from droplets.waiting import wait_until
from droplets.web import application
from views.website import Browser

PROGRAM = (sys.executable, "-m", "ocpizza.cli")
BOOTED = "Booting worker"


@dataclass
class Site:
    """A running gunicorn."""

    process: subprocess.Popen[bytes]
    socket: Path
    log: Path

    def browser(self) -> Browser:
        """A visitor's browser that speaks to the socket as nginx does."""
        return Browser(application(self, "localhost"))

    def connect(self, _port: int) -> socket.socket:
        """What `droplets.web` asks of a network."""
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(30)
        connection.connect(str(self.socket))
        return connection

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
) -> Iterator[Site]:
    """Serve with these settings; socket and log are in `folder`, no traceback may be in the log.

    Unless it `crashes` on purpose.
    """
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OCPIZZA_")}
    environment["OCPIZZA_SERVER_SOCKET"] = str(folder / "site.sock")
    command = [*program, "--config", config, "serve", "--gunicorn"]
    with (folder / "site.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd="/")
    site = Site(process, folder / "site.sock", folder / "site.log")
    try:
        site.wait_for_workers(workers)
        yield site
    finally:
        process.terminate()
        process.wait(40)
    assert crashes or "Traceback" not in site.said()

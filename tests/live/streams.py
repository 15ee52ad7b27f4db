"""A running `ocpizza live`, and pages that listen to it."""

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from threading import Thread
from types import TracebackType

from sqlalchemy.engine import URL

from ocpizza.db import make_engine
from ocpizza.live.run import Live
from ocpizza.live.ticket import HEADER, LAST_HEARD, PATH
from ocpizza.settings import Settings

PATIENCE = 20


class Stream:
    """A page that listens; without news for long it fails."""

    def __init__(self, path: Path, ticket: str, heard: str = "") -> None:
        self._connection = HTTPConnection("localhost")
        self._connection.sock = socket.socket(socket.AF_UNIX)
        self._connection.sock.settimeout(PATIENCE)
        self._connection.sock.connect(str(path))
        headers = {HEADER: ticket} | ({LAST_HEARD: heard} if heard else {})
        self._connection.request("GET", PATH, headers=headers)
        self._answer = self._connection.getresponse()
        self.status, self.headers = self._answer.status, self._answer.headers
        self.heard = ""

    def __enter__(self) -> "Stream":
        return self

    def __exit__(self, *_: type | BaseException | TracebackType | None) -> None:
        self._answer.close()
        self._connection.close()

    def next(self) -> str:
        """The next event's name, « over » where the stream has ended; sounds of life are passed."""
        name = ""
        while line := self._answer.readline().decode():
            field, _, value = line.strip().partition(": ")
            if field == "id":
                self.heard = value
            if field == "event":
                name = value
            if not field and name:
                return name
        return "over"


@dataclass
class Running:
    """The server; its socket is `path`."""

    live: Live
    path: Path
    thread: Thread

    def open(self, ticket: str, heard: str = "") -> Stream:
        return Stream(self.path, ticket, heard)

    def stop(self) -> None:
        self.live.stop()
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive()


@contextmanager
def running(settings: Settings, url: URL, path: Path | None = None) -> Iterator[Running]:
    """`ocpizza live` with these settings on this database, in a thread, on a socket of its own."""
    engine = make_engine(url.render_as_string(hide_password=False), 3)
    # Short, because the path of a unix socket is limited to some hundred bytes.
    with tempfile.TemporaryDirectory(prefix="ocp") as folder:
        path = path or Path(folder) / "live.sock"
        live = Live(engine, settings | {"live.socket": path})
        thread = Thread(target=live.run, daemon=True)
        thread.start()
        assert live.ready.wait(PATIENCE)
        served = Running(live, path, thread)
        try:
            yield served
        finally:
            served.stop()
            engine.dispose()

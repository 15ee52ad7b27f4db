"""Kent, a Sentry for tests, in a process of its own; and one that takes reports and is silent."""

import json
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from droplets.waiting import wait_until

KEY = "0123456789abcdef0123456789abcdef"
NOT_THROUGH_A_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def dsn_of(port: int, project: int = 1) -> str:
    return f"http://{KEY}@127.0.0.1:{port}/{project}"


class Kent:
    """What it was told of a project since it last forgot."""

    def __init__(self, port: int, project: int = 1) -> None:
        self.port, self.project = port, project
        self.url, self.dsn = f"http://127.0.0.1:{port}", dsn_of(port, project)

    def everything(self) -> list[dict[str, Any]]:
        """Envelopes as they came: their headers, those of what is in them, and that."""
        found = self._call("GET", "/api/eventlist/")["events"]
        ours = [each["event_id"] for each in found if each["project_id"] == self.project]
        return [self._call("GET", f"/api/event/{id}")["payload"] for id in ours]

    def events(self) -> list[dict[str, Any]]:
        return [each["body"] for each in self.everything()]

    def wait_for(self, count: int, seconds: float = 10) -> list[dict[str, Any]]:
        """The events, once there are so many."""
        wait_until(lambda: len(self.events()) >= count, seconds, f"{count} events")
        return self.events()

    def one(self, seconds: float = 10) -> dict[str, Any]:
        (event,) = self.wait_for(1, seconds)
        return event

    def forget(self) -> None:
        self._call("POST", "/api/flush/")

    def _call(self, method: str, path: str) -> Any:
        request = urllib.request.Request(self.url + path, method=method)
        with NOT_THROUGH_A_PROXY.open(request, timeout=30) as answer:
            return json.loads(answer.read())


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def kent_server() -> Iterator[Kent]:
    port = free_port()
    start = f"from kent.app import create_app; create_app().run('127.0.0.1', {port})"
    command = [sys.executable, "-c", start]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, **quiet)
    try:
        wait_until(lambda: process.poll() is not None or _listens(port), 60, "kent")
        assert process.poll() is None
        yield Kent(port)
    finally:
        process.terminate()
        process.wait(60)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def silent_server() -> Iterator[str]:
    """The DSN of a Sentry that is connected to and never says anything."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(100)
        yield dsn_of(server.getsockname()[1])


@contextmanager
def refusing_server(status: int) -> Iterator[tuple[str, list[str]]]:
    """The DSN of one that answers everything with a status, and what it was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            asked.append(self.path)
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield dsn_of(server.server_port), asked
    finally:
        server.shutdown()
        server.server_close()

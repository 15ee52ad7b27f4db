"""What a bench needs: servers on loopback, bounded load, CPU time and memory read from /proc."""

import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from random import randrange
from urllib.parse import urlencode

# Of the visitors of a load, each in one of its own.
NETWORKS = count(1)
TICK = os.sysconf("SC_CLK_TCK")
# Where a server listens: a port of loopback, or a socket.
Address = int | Path


@contextmanager
def packaged(config: Path) -> Iterator[tuple[Path, int]]:
    """Serve the shop as the package does: everything loaded before the workers are forked, the
    heap frozen, on a socket of its own; gives its path and gunicorn's process id.
    """
    path = config.with_name("gunicorn.sock")
    command = [sys.executable, "-m", "ocpizza.cli", "--config", str(config), "serve", "--gunicorn"]
    with _running(command, {}, path) as pid:
        yield path, pid


@contextmanager
def gunicorn(application: str, environment: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve `application` with two workers of four threads; gives its port and process id."""
    port = free_port()
    with _running(gunicorn_command(application, port), environment, port) as pid:
        yield port, pid


def gunicorn_command(application: str, port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}"]
    command += ["--workers=2", "--worker-class=gthread", "--threads=4", "--log-level=error"]
    return [*command, "--no-control-socket"]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@contextmanager
def _running(command: list[str], environment: dict[str, str], at: Address) -> Iterator[int]:
    server = subprocess.Popen(command, env=os.environ | environment)
    try:
        while not answers(at):
            if server.poll() is not None:
                raise SystemExit(f"gunicorn ended with {server.returncode}")
            time.sleep(0.1)
        yield server.pid
    finally:
        server.terminate()
        server.wait(60)


def answers(at: Address) -> bool:
    """Whether a server gives its first page."""
    try:
        Visitor(at).get("/")
    except OSError:
        return False
    return True


@contextmanager
def live_server(config: Path) -> Iterator[list[subprocess.Popen[bytes]]]:
    """`ocpizza live`; whoever replaces it puts another one in."""
    running = [start_live(config)]
    try:
        yield running
    finally:
        running[0].terminate()
        running[0].wait(30)


def start_live(config: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "ocpizza.cli", "--config", str(config), "live"]
    return subprocess.Popen(command)


def cpu_ms(root: int) -> float:
    """CPU milliseconds of a process and its descendants, the ended ones included."""
    children: dict[int, list[int]] = {}
    times: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(stat.parent.name)
        children.setdefault(int(fields[1]), []).append(pid)
        times[pid] = sum(map(int, fields[11:15]))
    family, total = [root], 0
    while family:
        pid = family.pop()
        total += times.get(pid, 0)
        family += children.get(pid, [])
    return 1000 * total / TICK


def memory_kb(pid: int) -> int:
    return int(re.search(r"Pss:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text())[1])


class _SocketConnection(http.client.HTTPConnection):
    """As nginx speaks to the package's gunicorn."""

    def __init__(self, path: Path):
        super().__init__("localhost", timeout=30)
        self.path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Visitor:
    """A browser of few words: one kept-alive connection, a cookie, forms."""

    def __init__(self, at: Address):
        if isinstance(at, Path):
            self.connection: http.client.HTTPConnection = _SocketConnection(at)
        else:
            self.connection = http.client.HTTPConnection("127.0.0.1", at, timeout=30)
        self.cookie = ""
        self.address = f"2001:db8:{next(NETWORKS) % 2**16:x}::1"
        self.requests = 0

    def get(self, path: str) -> str:
        return self._ask("GET", path)[1]

    def post(self, path: str, **fields: object) -> str:
        """Post a form with the last page's token; gives the address to go on to."""
        body = urlencode(fields | {"csrf_token": self.token}).encode()
        return self._ask("POST", path, body)[0]

    def post_by_htmx(self, path: str, **fields: object) -> None:
        """Post a form as htmx does, for a fragment and the session's token."""
        body = urlencode(fields | {"csrf_token": self.token}).encode()
        self._ask("POST", path, body, {"HX-Request": "true"})

    def _ask(
        self, method: str, path: str, body: bytes | None = None, more: dict[str, str] | None = None
    ) -> tuple[str, str]:
        headers = {"Sec-Fetch-Site": "same-origin", "Cookie": self.cookie} | (more or {})
        headers["X-Forwarded-For"] = headers["X-Real-IP"] = self.address
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        text = response.read().decode()
        self.requests += 1
        if response.status >= 400:
            raise RuntimeError(f"{method} {path}: {response.status}")
        if cookie := response.getheader("Set-Cookie"):
            self.cookie = cookie.split(";")[0]
        if trigger := response.getheader("HX-Trigger"):
            self.token = json.loads(trigger)["csrf"]
        elif token := re.search(r'name="csrf_token" value="([^"]*)"', text):
            self.token = token[1]
        location = response.getheader("Location") or ""
        return re.sub(r"^https?://[^/]+", "", location), text


def cookies_of(shop: Path, identifier: str, password: str) -> str:
    """What a browser sends once somebody has signed in on it."""
    connection = Visitor(shop).connection
    fields = urlencode({"identifier": identifier, "password": password})
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
        "X-Real-IP": f"10.0.{randrange(256)}.{randrange(256)}",
    }
    connection.request("POST", "/connexion", fields, headers)
    answer = connection.getresponse()
    cookies = answer.headers.get_all("Set-Cookie") or []
    connection.close()
    if answer.status != 303:
        raise RuntimeError(f"{identifier} was not let in: {answer.status}")
    return "; ".join(cookie.split(";")[0] for cookie in cookies)


@dataclass
class Measure:
    """What one load cost."""

    name: str
    units: int
    requests: int
    seconds: float
    app_ms: float
    database_ms: float

    @property
    def row(self) -> dict[str, float | str | int]:
        return {
            "what": self.name,
            "count": self.units,
            "requests": self.requests,
            "per second": round(self.units / self.seconds, 1),
            "CPU ms each": round((self.app_ms + self.database_ms) / self.units, 2),
            "of it application": round(self.app_ms / self.units, 2),
            "of it PostgreSQL": round(self.database_ms / self.units, 2),
        }


def load(
    name: str,
    at: Address,
    pids: tuple[int, int | None],
    act: Callable[[Visitor], None],
    count: int,
    clients: int = 4,
) -> Measure:
    """`count` acts shared out to some clients, each on a connection of its own."""

    def client(acts: int) -> int:
        requests = 0
        for _ in range(acts):
            visitor = Visitor(at)
            act(visitor)
            visitor.connection.close()
            requests += visitor.requests
        return requests

    app, database = pids
    app_before, database_before = cpu_ms(app), cpu_ms(database) if database else 0
    started = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        requests = sum(pool.map(client, [count // clients] * clients))
    seconds = time.perf_counter() - started
    return Measure(
        name,
        count // clients * clients,
        requests,
        seconds,
        cpu_ms(app) - app_before,
        (cpu_ms(database) if database else 0) - database_before,
    )

"""The page that Prometheus reads: for this machine alone, and only so many at a time."""

import ipaddress
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from ocpizza.metrics.asked import Asked
from ocpizza.metrics.figures import Figures
from ocpizza.metrics.shared import counted
from ocpizza.settings import Settings

Environ = MutableMapping[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Any]
# Whether a request came by the way that is kept for figures.
Door = Callable[[Environ], bool]
PATH = "/metrics"
# In a process: one that asks the database, and one that waits for it.
AT_A_TIME = 2
# What proxies tell of whom they speak for.
TOLD = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_")
TEXT = "text/plain; charset=utf-8"


class Page:
    """The figures of an application, as Prometheus reads them."""

    def __init__(self, figures: Figures, settings: Settings) -> None:
        self._figures = figures
        self._asked = Asked(settings["database.url"], figures)
        self._places = BoundedSemaphore(AT_A_TIME)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        status, kind, body = self._answer(environ)
        headers = [("Content-Type", kind), ("Content-Length", str(len(body)))]
        start_response(status, [*headers, ("Cache-Control", "no-store")])
        return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]

    def _answer(self, environ: Environ) -> tuple[str, str, bytes]:
        if environ["PATH_INFO"] != PATH or not is_from_here(environ):
            return "404 Not Found", TEXT, b"not found\n"
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return "405 Method Not Allowed", TEXT, b"only to be read\n"
        with self._place() as there_is_one:
            if not there_is_one:
                return "503 Service Unavailable", TEXT, b"others are reading\n"
            return "200 OK", CONTENT_TYPE_PLAIN_0_0_4, self._text()

    def _text(self) -> bytes:
        registry = CollectorRegistry()
        registry.register(self._asked.look())
        registry.register(counted(self._figures))
        return generate_latest(registry)

    @contextmanager
    def _place(self) -> Iterator[bool]:
        there_is_one = self._places.acquire(blocking=False)
        try:
            yield there_is_one
        finally:
            if there_is_one:
                self._places.release()


def with_figures(application: Application, page: Page, door: Door) -> Application:
    """Answer what comes by `door` with the figures, and everything else as before."""

    def answer(environ: Environ, start_response: Callable[..., Any]) -> Any:
        return (page if door(environ) else application)(environ, start_response)

    return answer


def no_door(_environ: Environ) -> bool:
    """Nobody may see the figures."""
    return False


def door_by_address(environ: Environ) -> bool:
    """For a site that has one way in, as `make run` has: the page's address, from this machine."""
    told = any(name.startswith(TOLD) for name in environ)
    return environ["PATH_INFO"] == PATH and is_from_here(environ) and not told


def is_from_here(environ: Environ) -> bool:
    """Return whether whoever asks is a program of this machine, by the connection itself."""
    try:
        return ipaddress.ip_address(environ.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False

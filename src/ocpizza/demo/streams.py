"""What nginx does for pages that listen, for development: one address, two servers behind it."""

import socket
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from select import POLLIN, poll
from threading import BoundedSemaphore
from typing import Any

from ocpizza.live.ticket import HEADER, LAST_HEARD, PATH
from ocpizza.wsgi import Application

# Each page that listens takes a thread of the server, which looks whether the page has gone.
MOST = 16
THREADS, LOOK_AHEAD = 8 + MOST, 1
GONE = "waitress.client_disconnected"
LOOK_EVERY = 1000
PASSED = (HEADER, LAST_HEARD)
SECONDS = 60.0
NOT_NOW = "503 Service Unavailable"


def with_streams(application: Application, live: Path) -> Application:
    """Have what listening pages ask for answered by `ocpizza live` on that socket."""
    places = BoundedSemaphore(MOST)

    def answer(environ: Any, start_response: Any) -> Any:
        if environ.get("PATH_INFO") != PATH:
            return application(environ, start_response)
        if not places.acquire(blocking=False):
            start_response(NOT_NOW, [])
            return [b""]
        return _Passed(live, environ, start_response, places)

    return answer


class _Plain(HTTPConnection):
    """Asks in a version of HTTP without chunks: what has come is all there to be read."""

    _http_vsn, _http_vsn_str = 10, "HTTP/1.0"


class _Passed:
    """An answer passed on as it comes; the server closes it when the page has gone."""

    def __init__(self, live: Path, environ: Any, start: Any, places: BoundedSemaphore) -> None:
        self._places, self._connection = places, _Plain("localhost")
        self._gone: Callable[[], bool] = environ.get(GONE, lambda: False)
        self._answer: HTTPResponse | None = None
        names = {name: "HTTP_" + name.upper().replace("-", "_") for name in PASSED}
        headers = {name: environ[key] for name, key in names.items() if key in environ}
        try:
            self._connection.sock = socket.socket(socket.AF_UNIX)
            self._connection.sock.settimeout(SECONDS)
            self._connection.sock.connect(str(live))
            self._connection.request("GET", PATH, headers=headers)
            self._answer = self._connection.getresponse()
        except (OSError, HTTPException):
            start(NOT_NOW, [])
            return
        kind = self._answer.headers.get("Content-Type", "text/plain")
        status = f"{self._answer.status} {self._answer.reason}"
        start(status, [("Content-Type", kind), ("Cache-Control", "no-store")])

    def __iter__(self) -> Iterator[bytes]:
        if self._answer is None:
            return
        waiting = poll()
        waiting.register(self._answer, POLLIN)
        try:
            # What came with the headers is in a buffer, where no poll sees it.
            while part := self._answer.read1():
                yield part
                while not waiting.poll(LOOK_EVERY):
                    if self._gone():
                        return
        except (OSError, HTTPException):
            return

    def close(self) -> None:
        self._connection.close()
        self._places.release()

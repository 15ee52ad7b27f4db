"""One HTTP exchange with a provider: short, without detours, and nothing but JSON believed."""

import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ocpizza.identity.provider import BadAnswer, ProviderDown

MAX_SECONDS = 10.0  # seconds, for all of it
MAX_BYTES = 64 * 1024  # bytes of an answer


def exchange(url: str, method: str, query: str, body: str, headers: dict[str, str]) -> Any:
    """Return the JSON object that `url` answers to this request with status 200.

    Raises ProviderDown (no connection, too slow, status 429 or 5xx) or BadAnswer (anything else:
    another status, a redirect that would take our secrets along, no JSON object, too long).
    Messages hold neither what was sent nor what came back.
    """
    parts = urlsplit(url)
    connection = _connection(parts)
    until = time.monotonic() + MAX_SECONDS
    try:
        connection.connect()
        with _hung_up_at(until, connection):
            target = f"{parts.path or '/'}{'?' if query else ''}{query}"
            connection.request(method, target, body, {"Accept": "application/json", **headers})
            response = connection.getresponse()
            content = response.read(MAX_BYTES + 1)
    except (OSError, HTTPException) as error:
        raise ProviderDown(type(error).__name__) from None
    finally:
        connection.close()
    if time.monotonic() >= until:
        raise ProviderDown("too slow")
    return _object(response.status, content)


def _connection(parts: SplitResult) -> HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return HTTPSConnection(host, parts.port, timeout=MAX_SECONDS, context=context)
    return HTTPConnection(host, parts.port, timeout=MAX_SECONDS)


@contextmanager
def _hung_up_at(until: float, connection: HTTPConnection) -> Iterator[None]:
    """A socket's own time-out starts again with every byte: this one ends the whole exchange."""
    timer = Timer(max(0.0, until - time.monotonic()), _hang_up, [connection.sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):
        # That of the plain socket: TLS's own would make the reading thread fail in other ways.
        socket.socket.shutdown(connected, socket.SHUT_RDWR)


def _object(status: int, content: bytes) -> dict[str, Any]:
    if status >= 500 or status == 429:
        raise ProviderDown(f"status {status}")
    if status != 200 or len(content) > MAX_BYTES:
        raise BadAnswer(f"status {status}, {len(content)} bytes")
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        raise BadAnswer("no JSON") from None
    if not isinstance(answer, dict):
        raise BadAnswer("no JSON object")
    return answer

"""Asking a droplet's web server from the host."""

from collections.abc import Callable
from http import HTTPStatus
from http.client import HTTPConnection, HTTPMessage
from typing import NamedTuple

import webtest

from droplets.network import Network

HOP_BY_HOP = ("connection", "transfer-encoding", "keep-alive", "content-length")


class Answer(NamedTuple):
    status: int
    headers: HTTPMessage
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


def ask(
    network: Network,
    path: str,
    *,
    host: str = "localhost",
    method: str = "GET",
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    port: int = 80,
) -> Answer:
    """One request to the loopback of a network, by the name `host`, and its answer as it is.

    Raises OSError where nobody listens.
    """
    connection = HTTPConnection(host)
    connection.sock = network.connect(port)
    try:
        connection.request(method, path, body, (headers or {}) | {"Host": host})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def application(network: Network, host: str) -> Callable[..., list[bytes]]:
    """The web server in `network` as a WSGI application, for WebTest's browsers."""

    def forward(environ, start_response):
        request = webtest.TestRequest(environ)
        headers = {name: value for name, value in request.headers.items() if value}
        asked = {"method": request.method, "body": request.body or None, "headers": headers}
        got = ask(network, request.path_qs, host=host, **asked)
        kept = [(k, v) for k, v in got.headers.items() if k.lower() not in HOP_BY_HOP]
        status = f"{got.status} {HTTPStatus(got.status).phrase}"
        start_response(status, [*kept, ("Content-Length", str(len(got.body)))])
        return [got.body]

    return forward

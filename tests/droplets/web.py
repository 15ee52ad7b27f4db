"""Asking a droplet's web server from the host."""

from http import HTTPStatus
from http.client import HTTPConnection, HTTPMessage
from typing import NamedTuple

import webtest

from droplets.network import Network


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
        connection.request(method, path, body, {"Host": host} | (headers or {}))
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def browser(network: Network, host: str) -> webtest.TestApp:
    """A WebTest browser whose application is the web server in `network`."""

    def forward(environ, start_response):
        request = webtest.TestRequest(environ)
        headers = {name: value for name, value in request.headers.items() if value}
        path = request.path_qs
        body = request.body or None
        got = ask(network, path, host=host, method=request.method, body=body, headers=headers)
        hop_by_hop = ("connection", "transfer-encoding", "keep-alive", "content-length")
        kept = [(k, v) for k, v in got.headers.items() if k.lower() not in hop_by_hop]
        start_response(
            f"{got.status} {HTTPStatus(got.status).phrase}",
            [*kept, ("Content-Length", str(len(got.body)))],
        )
        return [got.body]

    return webtest.TestApp(
        forward, extra_environ={"HTTP_HOST": host, "HTTP_SEC_FETCH_SITE": "same-origin"}
    )

"""Ask the website as a visitor of this machine would, through nginx on loopback."""

import re
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path

LOOPBACK = "127.0.0.1"
TIMEOUT = 35  # seconds; a little more than nginx gives gunicorn
SERVER_NAME = re.compile(r"^\s*server_name\s+([^\s;]+)", re.M)


class ProbeError(Exception):
    """The website does not answer as it should; the message says how."""


def site_name(site: Path, otherwise: str = "localhost") -> str:
    """The name that the site in this nginx file answers to."""
    found = SERVER_NAME.search(site.read_text(errors="replace"))
    return found[1] if found else otherwise


def probe(path: str, name: str, port: int = 80, tls_port: int = 443) -> str:
    """The page at `path` of the site called `name`, on this machine; HTTPS if it insists.

    Raises ProbeError for any answer but 200.
    """
    answer, body = _get(HTTPConnection(LOOPBACK, port, timeout=TIMEOUT), path, name)
    if answer.status in (301, 302, 308) and answer.headers.get("Location", "").startswith("https:"):
        answer, body = _get(_tls(name, tls_port), path, name)
    if answer.status != 200:
        said = body.strip().splitlines()[0][:200] if body.strip() and len(body) < 1000 else ""
        raise ProbeError(
            f"http://{name}{path} answers {answer.status} {answer.reason} {said}".strip()
        )
    return body


def _get(connection: HTTPConnection, path: str, name: str) -> tuple[HTTPResponse, str]:
    try:
        connection.request("GET", path, headers={"Host": name})
        answer = connection.getresponse()
        return answer, answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise ProbeError(f"http://{name}{path} does not answer: {error}") from error
    finally:
        connection.close()


def _tls(name: str, port: int) -> HTTPSConnection:
    # The certificate is for the visitors' name, and this is about answering, not about trust.
    context = ssl._create_unverified_context()  # noqa: S323
    connection = HTTPSConnection(name, port, timeout=TIMEOUT, context=context)
    connection._create_connection = lambda _, *rest: socket.create_connection(
        (LOOPBACK, port), *rest
    )
    return connection

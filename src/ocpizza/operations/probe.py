"""Ask the website as a visitor of this machine would, through nginx on loopback."""

import re
import socket
import ssl
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Self

LOOPBACK = "127.0.0.1"
TIMEOUT = 35  # seconds; a little more than nginx gives gunicorn
# nginx keeps pages for visitors without a cookie: one of before may still be there.
ASKS_THE_SITE = {"Cookie": "probe=1"}
SERVER_NAME = re.compile(r"^\s*server_name\s+([^\s;]+)", re.M)
LISTEN = re.compile(r"^\s*listen\s+(?:\S*:)?(\d+)\b([^;]*);", re.M)


class ProbeError(Exception):
    """The website does not answer as it should; the message says how."""


@dataclass(frozen=True)
class Site:
    """Where nginx serves the site: its name and ports, `port` None where there is HTTPS only."""

    name: str = "localhost"
    port: int | None = 80
    tls_port: int = 443

    @classmethod
    def of(cls, file: Path) -> Self:
        """Return what a site's file says, the administrator's and certbot's changes included."""
        text = file.read_text(errors="replace")
        name = SERVER_NAME.search(text)
        plain = [int(port) for port, more in LISTEN.findall(text) if "ssl" not in more]
        tls = [int(port) for port, more in LISTEN.findall(text) if "ssl" in more]
        port = next(iter(plain), None if tls else 80)
        return cls(name[1] if name else "localhost", port, next(iter(tls), 443))

    def __str__(self) -> str:
        return f"http://{self.name}" if self.port else f"https://{self.name}"


def probe(path: str, site: Site) -> str:
    """Return the page at `path` of the site, on this machine; by HTTPS if it insists.

    Raises ProbeError for any answer but 200.
    """
    return ask(path, site)[1]


def ask(path: str, site: Site, seconds: float = TIMEOUT) -> tuple[HTTPResponse, str]:
    """The same with what its head says."""
    answer, body = _get(_connection(site, seconds), path, site)
    if answer.status in (301, 302, 308) and answer.headers.get("Location", "").startswith("https:"):
        answer, body = _get(_tls(site, seconds), path, site)
    if answer.status != 200:
        said = body.strip() if "\n" not in body.strip() else ""
        raise ProbeError(f"{site}{path} answers {answer.status} {answer.reason} {said}".strip())
    return answer, body


def _get(connection: HTTPConnection, path: str, site: Site) -> tuple[HTTPResponse, str]:
    try:
        connection.request("GET", path, headers={"Host": site.name} | ASKS_THE_SITE)
        answer = connection.getresponse()
        return answer, answer.read().decode(errors="replace")
    except (OSError, HTTPException) as error:
        said = getattr(error, "strerror", None) or error
        raise ProbeError(f"{site}{path} does not answer: {said}") from error
    finally:
        connection.close()


def _connection(site: Site, seconds: float) -> HTTPConnection:
    if site.port is None:
        return _tls(site, seconds)
    return HTTPConnection(LOOPBACK, site.port, timeout=seconds)


def _tls(site: Site, seconds: float) -> HTTPSConnection:
    # The certificate is for the visitors' name, and this is about answering, not about trust.
    context = ssl._create_unverified_context()  # noqa: S323
    connection = HTTPSConnection(site.name, site.tls_port, timeout=seconds, context=context)
    here = (LOOPBACK, site.tls_port)
    # http.client's way to go elsewhere, which typeshed does not know.
    connection._create_connection = (  # type: ignore[attr-defined]
        lambda _, *rest: socket.create_connection(here, *rest)
    )
    return connection

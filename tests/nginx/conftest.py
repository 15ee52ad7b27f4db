"""nginx before the real site, before a mirror of what it sends on, and before nobody."""

from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

import serving
from databases import MIGRATIONS
from nginx.behind import answering
from nginx.server import Nginx, require_nginx
from ocpizza.operations.collect_static import collect_static
from ocpizza.operations.demo_data import load_demo_data


@pytest.fixture(scope="session")
def state(tmp_path_factory) -> Path:
    """The service's folder, with collected static files and a secret beside them."""
    folder = tmp_path_factory.mktemp("state")
    collect_static(folder / "static")
    (folder / "session.key").write_text("0123456789abcdef" * 8)
    return folder


@pytest.fixture(scope="session")
def served(databases, state, tmp_path_factory) -> Iterator[serving.Site]:
    """The demo shop as the service runs it."""
    folder = tmp_path_factory.mktemp("site")
    with databases.private("sqlite") as engine:
        with Session(engine) as session, session.begin():
            load_demo_data(session, datetime.now(UTC))
        ini = folder / "ocpizza.ini"
        ini.write_text(
            f"[database]\nurl = {engine.url}\nmigrations = {MIGRATIONS}\n"
            f"[session]\nsecret_file = {state}/session.key\n"
            "[server]\nworkers = 1\n"
        )
        with serving.gunicorn(ini, folder, metrics=True) as site:
            yield site


@pytest.fixture(scope="session")
def gunicorn(served) -> Path:
    """The socket of the demo shop."""
    return served.socket


class Mirror(BaseHTTPRequestHandler):
    """Answers with the request, as it came."""

    def do_GET(self) -> None:
        body = f"{self.requestline}\n{self.headers}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_) -> None:
        """Quiet."""


@pytest.fixture
def mirror(tmp_path) -> Iterator[Path]:
    """A server that answers with what nginx sent it; gives its socket."""
    path = tmp_path / "mirror.sock"
    with answering(path, Mirror):
        yield path


@pytest.fixture
def nginx(tmp_path) -> Nginx:
    """Not installed yet: before whom is for the test to say."""
    require_nginx()
    return Nginx(tmp_path / "machine")


@pytest.fixture
def shop(nginx, gunicorn, state) -> Iterator[Nginx]:
    """Before the real site."""
    nginx.install(gunicorn, state)
    with nginx.running():
        yield nginx


@pytest.fixture
def mirrored(nginx, mirror, state) -> Iterator[Nginx]:
    """Before the mirror."""
    nginx.install(mirror, state)
    with nginx.running():
        yield nginx


@pytest.fixture
def stopped(nginx, state, tmp_path) -> Iterator[Nginx]:
    """Before a site that was stopped."""
    nginx.install(tmp_path / "nobody.sock", state)
    with nginx.running():
        yield nginx

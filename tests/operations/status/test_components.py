"""The row about what updates brought."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import PurePosixPath
from threading import Thread

import pytest

from ocpizza.operations.deploy import final
from ocpizza.operations.deploy.host import Host
from ocpizza.operations.status import visitors
from ocpizza.operations.status.components import update
from ocpizza.operations.update.releases import Releases, Switch
from ocpizza.overlay import build

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
NAME = "20260304_050600_000000"


@pytest.fixture(params=["sqlite"])
def backend(request) -> str:
    return request.param


@pytest.fixture
def releases(settings) -> Releases:
    return Releases(settings["folders.overlay"])


def bring(releases: Releases, name: str, content: bytes, *, ended: bool = True) -> None:
    release = releases.stage(NOW, "1.0", {PurePosixPath(name): content})
    releases.begin(Switch(release, None))
    releases.switch(release)
    if ended:
        releases.end()


def test_nothing_in_place_is_well(settings):
    assert str(update(settings)) == "ok   update      none in place"


def test_what_is_in_place_is_named(settings, releases):
    bring(releases, "common/static/app.css", b"p {}")
    assert str(update(settings)) == f"ok   update      {NAME}, made for ocpizza 1.0"


def test_a_component_that_does_not_fit_is_named_with_what_to_do(settings, releases):
    bring(releases, "common/fussy.py", b"raise RuntimeError('not made for this version')")
    assert str(update(settings)) == (
        "BAD  update      set aside: common/fussy.py, line 1: RuntimeError: not made for this "
        "version: bring one that fits, or sudo ocpizza update --remove common/fussy.py"
    )


@pytest.fixture
def site(tmp_path, monkeypatch) -> Iterator[dict[str, str]]:
    """What a site's answer says of the release that it serves; to be filled."""
    says: dict[str, str] = {}

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for header in says.items():
                self.send_header(*header)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        file = tmp_path / "site"
        file.write_text(f"server {{\n listen {server.server_port};\n}}\n")
        monkeypatch.setattr(visitors, "SITE", file)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield says
        server.shutdown()
        thread.join()


def never_built(_: object) -> None:
    raise AssertionError("the application was built, though the site had said it all")


def test_a_site_that_serves_it_whole_is_believed(settings, releases, site, monkeypatch):
    bring(releases, "common/static/app.css", b"p {}")
    site["Release"] = NAME
    monkeypatch.setattr(build, "set_aside", never_built)
    assert str(update(settings)) == f"ok   update      {NAME}, made for ocpizza 1.0"


@pytest.mark.parametrize("served", [f"{NAME}, 1 set aside", "20200101_000000_000000"])
def test_a_site_that_serves_less_is_looked_into(settings, releases, site, served):
    bring(releases, "common/fussy.py", b"raise RuntimeError('not made for this version')")
    site["Release"] = served
    assert str(update(settings)).startswith("BAD  update      set aside: common/fussy.py, line 1")


def test_a_deployment_names_it_and_goes_well(settings, releases, tmp_path):
    host = Host(settings, tmp_path / "ocpizza.ini")
    assert final.components_fit(host) is None
    bring(releases, "common/fussy.py", b"raise RuntimeError('not made for this version')")
    assert final.components_fit(host).startswith("set aside: common/fussy.py, line 1: ")


def test_an_update_that_was_interrupted_is_told(settings, releases):
    bring(releases, "common/static/app.css", b"p {}", ended=False)
    assert str(update(settings)) == "ok   update      one is at work"
    os.utime(releases.overlay / "unproved", (0, 0))
    assert str(update(settings)) == (
        "BAD  update      the last one was interrupted: sudo ocpizza update --resume"
    )


def test_a_note_that_cannot_be_read_is_told(settings, releases):
    bring(releases, "common/static/app.css", b"p {}")
    (releases.path(NAME) / "update.json").write_text("")
    row = update(settings)
    assert not row.well
    assert "update.json cannot be read" in row.says

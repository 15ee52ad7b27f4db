"""Kent, the application that tells it of errors, and settings that say so."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import ocpizza
from databases import MIGRATIONS
from error_reports.kent_server import Kent, kent_server
from ocpizza import error_reports
from ocpizza.error_reports.event import about
from ocpizza.logs import write_logs
from ocpizza.settings import Settings, load_settings
from views.website import backend, browser, website

__all__ = ["backend", "browser", "website"]
PROJECTS = itertools.count(2)


@pytest.fixture(scope="session")
def kent_process() -> Iterator[Kent]:
    with kent_server() as kent:
        yield kent


@pytest.fixture
def kent(kent_process: Kent) -> Kent:
    """A project of its own, for what another test said last may still be on its way."""
    kent_process.forget()
    return Kent(kent_process.port, next(PROJECTS))


@pytest.fixture(autouse=True)
def _nobody_is_told(own_settings) -> Iterator[None]:
    """Unless a test says so, in this process where others run too."""
    about.set({})
    yield
    error_reports.use(own_settings(""))


@pytest.fixture(scope="session")
def own_settings(tmp_path_factory) -> Callable[[str], Settings]:
    """Gives settings with a DSN."""
    folder = tmp_path_factory.mktemp("reported")
    ini = folder / "ocpizza.ini"
    ini.write_text(
        f"[database]\nurl = sqlite:///{folder}/nothing.sqlite\nmigrations = {MIGRATIONS}\n"
        "[session]\nsecret_file = session.key\n"
    )
    return lambda dsn: load_settings(ini, {"OCPIZZA_SUPERVISION_SENTRY_DSN": dsn})


@pytest.fixture(scope="session")
def application(own_settings, kent_process) -> tuple[Any, dict[str, Any]]:
    """Of `website`: the application as it is where somebody is told of errors."""
    try:
        return ocpizza.main(own_settings(kent_process.dsn)), {}
    finally:
        error_reports.use(own_settings(""))


@pytest.fixture
def tell(own_settings) -> Callable[[str], None]:
    """Has errors told to this DSN, from the log as it is written, until the test ends."""
    write_logs()
    return lambda dsn: error_reports.use(own_settings(dsn), "ocpizza test")


@pytest.fixture
def told(tell, kent) -> Kent:
    """Kent, who is told of errors."""
    tell(kent.dsn)
    return kent

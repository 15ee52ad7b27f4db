"""A live server on loopback and Debian's Chromium to visit it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from sqlalchemy import Engine

from browser.audit import PHONE
from browser.open_house import OpenHouse, open_house
from browser.people import PASSING
from browser.served import served
from browser.sights import Sight
from databases import Databases
from ocpizza.i18n.negotiation import COOKIE
from ocpizza.settings import Settings

CHROMIUM = "/usr/bin/chromium"
# Live parts ask every four seconds, and a busy machine answers late.
expect.set_options(timeout=30_000)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
]


def pytest_collection_modifyitems(items):
    """Who only looks at the open house does so where it is furnished, once."""
    for item in items:
        if "open_house" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("open_house"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session", name="open_house")
def one_open_house(databases: Databases, tmp_path_factory) -> Iterator[OpenHouse]:
    """The demo chain with people and orders, for tests that only look or make their own orders."""
    folder = tmp_path_factory.mktemp("open_house")
    with databases.private("sqlite") as engine, open_house(engine, folder) as house:
        yield house


@pytest.fixture(scope="session")
def window(chromium: Browser, open_house: OpenHouse) -> Iterator[Page]:
    """One window for all that is only looked at: a new one costs more than the look."""
    context = chromium.new_context(
        base_url=open_house.address, locale="fr-FR", reduced_motion="reduce"
    )
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def look(window: Page, open_house: OpenHouse):
    """Go to a sight, as whoever sees it."""
    seen_by = []

    def look(sight: Sight) -> Page:
        seen_by.append(sight.who)
        window.goto("about:blank")  # the page before reloads itself when nobody is signed in
        window.context.clear_cookies()
        known = open_house.pockets.get(sight.who) if sight.who not in PASSING else None
        window.context.add_cookies(known or open_house.cookies(sight.who))
        window.set_viewport_size(PHONE)
        window.emulate_media(color_scheme="light")
        window.goto(open_house.path_of(sight))
        if sight.then:
            sight.then(window)
        return window

    yield look
    # What one test read in English the next one reads in French.
    kept = [cookie for cookie in window.context.cookies() if cookie["name"] != COOKIE]
    open_house.pockets.update(dict.fromkeys(seen_by, kept))


@pytest.fixture
def address(settings: Settings, demo_database: Engine, tmp_path) -> Iterator[str]:
    """The demo chain served by `ocpizza serve`, as a developer starts it."""
    with served(tmp_path / "ocpizza.ini") as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, address: str):
    """Open a browser of somebody's own; its pages must log no error and never scroll sideways."""
    contexts, complaints = [], []

    def open_browser(viewport: dict[str, int], javascript: bool = True):
        context = chromium.new_context(
            viewport=viewport, java_script_enabled=javascript, base_url=address, locale="fr-FR"
        )
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda message: message.type == "error" and complaints.append(message.text),
        )
        contexts.append(context)
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert complaints == []

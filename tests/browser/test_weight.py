"""What a page weighs for somebody who has never been here, as nginx sends it; and nothing jumps."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy.orm import Session

import serving
from browser.audit import PHONE, TABLET
from browser.conftest import CHROMIUM, QUIET
from browser.shopping import go_to_checkout
from databases import MIGRATIONS, Databases
from droplets.waiting import wait_until
from nginx.server import Nginx, require_nginx
from ocpizza.operations.collect_static import collect_static
from ocpizza.operations.demo_data import load_demo_data

pytestmark = pytest.mark.browser
HOST = "www.ocpizza.fr"
SITE = f"http://{HOST}"
MENU = "/pizzeria/paris-republique"
LIMIT = 100_000
# Of what a page listens to there is no end, nor a beginning that anybody waits for.
STREAM = "/en-direct"
# Installed before the page: what moved without anybody having touched anything.
WATCH = """
window.moved = [];
new PerformanceObserver((list) => {
  for (const shift of list.getEntries()) {
    const who = shift.sources.map(({ node }) => node?.outerHTML?.slice(0, 80));
    if (!shift.hadRecentInput) window.moved.push([shift.value, ...who]);
  }
}).observe({ type: "layout-shift", buffered: true });
"""
DRAWN = "new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))"
TO_THE_END = """async () => {
  for (let y = 0; y < document.documentElement.scrollHeight; y += innerHeight / 2) {
    scrollTo({ top: y, behavior: "instant" });
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
  }
}"""


class Scale:
    """Weighs what a page has asked for: the bytes of its answers with their headers, by kind."""

    def __init__(self, page: Page) -> None:
        self._kinds: dict[str, str] = {}
        self._open: set[str] = set()
        self._bytes: dict[str, int] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._ask)
        session.on("Network.loadingFinished", self._get)
        session.on("Network.loadingFailed", lambda told: self._open.discard(told["requestId"]))
        session.send("Network.enable")

    def _ask(self, told: dict) -> None:
        if told["request"]["url"].startswith(SITE) and STREAM not in told["request"]["url"]:
            self._kinds[told["requestId"]] = told["type"]
            self._open.add(told["requestId"])

    def _get(self, told: dict) -> None:
        if kind := self._kinds.get(told["requestId"]):
            self._open.discard(told["requestId"])
            self._bytes[kind] = self._bytes.get(kind, 0) + int(told["encodedDataLength"])

    def weights(self, page: Page) -> dict[str, int]:
        def all_there() -> bool:
            page.evaluate(DRAWN)
            return not self._open

        wait_until(all_there, 60, "every answer")
        return self._bytes


@pytest.fixture(scope="module")
def port(databases: Databases, tmp_path_factory) -> Iterator[int]:
    """The demo shop behind nginx, as it is installed."""
    require_nginx()
    folder = tmp_path_factory.mktemp("weight")
    ini = folder / "ocpizza.ini"
    with databases.private("sqlite") as engine:
        with Session(engine) as session, session.begin():
            load_demo_data(session, datetime.now(UTC))
        ini.write_text(
            f"[database]\nurl = {engine.url}\nmigrations = {MIGRATIONS}\n"
            f"[session]\nsecret_file = {folder}/key\n[site]\nurl = {SITE}\n"
        )
        collect_static(folder / "state/static")
        with serving.gunicorn(ini, folder) as site:
            nginx = Nginx(folder / "machine")
            nginx.install(site.socket, folder / "state")
            with nginx.running():
                yield nginx.port


@pytest.fixture(scope="module")
def strangers(chromium: Browser, port: int):
    """Browsers that have nothing of the site, but maybe a cookie."""
    there = f"--host-resolver-rules=MAP {HOST}:80 127.0.0.1:{port}"
    browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*QUIET, there])
    opened: list[BrowserContext] = []

    def stranger(viewport: dict[str, int], cookies: tuple = ()) -> Page:
        context = browser.new_context(base_url=SITE, viewport=viewport, locale="fr-FR")
        opened.append(context)
        context.add_cookies(list(cookies))
        context.add_init_script(WATCH)
        return context.new_page()

    yield stranger
    for context in opened:
        context.close()
    browser.close()


@pytest.fixture(scope="module")
def places(strangers) -> dict[str, tuple[str, tuple]]:
    """Where one sees each page, and with which cookies."""
    shopper, customer = strangers(PHONE), strangers(PHONE)
    for page in (shopper, customer):
        go_to_checkout(page)
    customer.get_by_label("Espèces").check()
    customer.get_by_role("checkbox", name="conditions").check()
    customer.get_by_role("button", name=re.compile("obligation de paiement")).click()
    customer.wait_for_url("**/suivi/*")
    holding = tuple(shopper.context.cookies())
    return {
        "home": ("/", ()),
        "catalogue": (MENU, ()),
        "product": (f"{MENU}/regina", ()),
        "basket": ("/panier", holding),
        "checkout": ("/commande", holding),
        "tracking": (customer.url.removeprefix(SITE), ()),
    }


@pytest.mark.parametrize("viewport", [PHONE, TABLET], ids=["phone", "tablet"])
@pytest.mark.parametrize("name", ["home", "catalogue", "product", "basket", "checkout", "tracking"])
def test_a_first_sight_is_light_and_nothing_moves_in_it(strangers, places, name, viewport):
    path, cookies = places[name]
    page = strangers(viewport, cookies)
    scale = Scale(page)
    assert page.goto(path).status == 200
    weights = scale.weights(page)

    assert weights["Stylesheet"] > 1000 < weights["Script"]
    assert sum(weights.values()) < LIMIT, weights
    page.evaluate(TO_THE_END)
    scale.weights(page)
    assert page.evaluate("moved") == []

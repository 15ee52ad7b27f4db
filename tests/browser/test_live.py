"""Pages that are told at once: an order shows everywhere, and whatever dies comes back by itself.

What pages ask by turns is held back where nothing else may bring what is looked for.
"""

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from waitress.server import create_server

from browser.audit import TABLET
from browser.open_house import WAITRESS, OpenHouse
from droplets.waiting import wait_until
from live.streams import running
from ocpizza.demo.streams import with_streams
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.operations.status.streams import streams

pytestmark = pytest.mark.browser
LIVE, BY_TURNS = "En direct", re.compile("^Mise à jour toutes les")
OK = 200
NEVER = 'data-every="100000"'


class House:
    """The open house with `ocpizza live` beside it, which may be stopped and started."""

    def __init__(self, open_house: OpenHouse, chromium: Browser, folder: Path) -> None:
        self.open, self._chromium = open_house, chromium
        self._contexts: list[BrowserContext] = []
        self._live = ExitStack()
        self._settings = open_house.website.application.registry.settings
        self.socket = folder / "live.sock"
        application = with_streams(open_house.website.application, self.socket)
        self._server = create_server(application, host="127.0.0.1", port=0, **WAITRESS)
        self.address = f"http://127.0.0.1:{self._server.effective_port}"
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        self.start()

    def start(self) -> None:
        engine = self.open.website.engine
        self._live.enter_context(running(self._settings, engine.url, self.socket))

    def stop(self) -> None:
        self._live.close()

    def close(self) -> None:
        for context in self._contexts:
            for page in context.pages:
                page.unroute_all(behavior="ignoreErrors")  # who asks while it is closed
            context.close()
        self.stop()
        self._server.close()
        self._thread.join(60)

    def visit(
        self, who: str, route: str, order: str = "", *, turns: bool = False, script: str = ""
    ) -> Page:
        """A page that somebody has open, which asks nothing by turns unless it is to."""
        context = self._chromium.new_context(base_url=self.address, locale="fr-FR", viewport=TABLET)
        self._contexts.append(context)
        context.set_default_timeout(30_000)
        if who:
            context.add_cookies(self.open.cookies(who))
        page = context.new_page()
        page.add_init_script(script)
        path = order or self.open.path(route)
        if not turns:
            page.route(f"**{path}", hold_back)
        page.goto(path)
        return page

    def pages_that_listen(self) -> int:
        told = streams(self.socket)
        return told[0] if told else -1


def hold_back(route: Route) -> None:
    """Have a page ask nothing by turns."""
    answer = route.fetch(max_redirects=0)
    body = re.sub('data-every="[0-9]+"', NEVER, answer.text())
    assert NEVER in body or answer.status != OK
    route.fulfill(response=answer, body=body)


# A part that is asked for is held back while `held`; `told` are the changes that streams told of.
SLOW = """
window.held = []; window.told = 0; window.toldAt = 0;
const plain = window.fetch;
window.fetch = async (url, options) => {
  const answer = await plain(url, options);
  if (url !== "/en-direct") {
    if (window.held) await new Promise((goOn) => { window.held.push(goOn); });
    return answer;
  }
  const count = new TransformStream({ transform(part, on) {
    const changes = new TextDecoder().decode(part).split("event: changed").length - 1;
    if (changes) { window.told += changes; window.toldAt = performance.now(); }
    on.enqueue(part);
  } });
  return new Response(answer.body.pipeThrough(count), answer);
};
"""


@pytest.fixture
def house(open_house: OpenHouse, chromium: Browser, tmp_path) -> Iterator[House]:
    house = House(open_house, chromium, tmp_path)
    yield house
    house.close()


def listens(page: Page) -> None:
    expect(page.locator("[data-freshness]")).to_have_text(LIVE)


def tracking(order: Order) -> str:
    return f"/suivi/{order.tracking_token}"


READY: dict[str, dict[str, Any]] = {
    "kitchen": {},
    "deliveries": {"status": Status.READY, "mode": Mode.DELIVERY},
    "handovers": {"status": Status.READY, "mode": Mode.TAKEAWAY},
}
WHO = {"kitchen": "pizzaiolo", "deliveries": "driver", "handovers": "cashier"}


@pytest.mark.parametrize("board", READY)
def test_an_order_shows_on_the_boards_that_it_is_for_without_being_asked_for(house, board):
    page = house.visit(WHO[board], board)
    listens(page)
    order = house.open.order(**READY[board])
    expect(page.get_by_role("article", name=f"Commande {order.number}")).to_be_visible()


def test_what_changes_while_a_board_waits_for_its_part_shows_too(house):
    page = house.visit("pizzaiolo", "kitchen", script=SLOW)
    listens(page)
    house.open.order()
    wait_until(lambda: page.evaluate("held.length") == 1, 60, "the board to ask")
    told = page.evaluate("told")
    order = house.open.order()
    wait_until(lambda: page.evaluate("told") > told, 60, "the stream to tell of it")
    would_ask = "performance.now() > toldAt + 1000"
    wait_until(lambda: page.evaluate(would_ask), 60, "the board to want to ask again")
    page.evaluate("held.forEach((goOn) => goOn()); held = null;")
    expect(page.get_by_role("article", name=f"Commande {order.number}")).to_be_visible()


@pytest.mark.parametrize(("who", "route"), [("manager", "overview"), ("direction", "staff")])
def test_managers_see_it_too(house, who, route):
    page = house.visit(who, route)
    listens(page)
    board = page.locator("#tableau")
    before = board.inner_html()
    house.open.order()
    expect(board).not_to_have_js_property("innerHTML", before)


def test_a_customer_sees_their_order_advance(house):
    order = house.open.order()
    page = house.visit("", "tracking", tracking(order))
    listens(page)
    house.open.advance(order, Status.ACCEPTED)
    expect(page.locator(".timeline .is-now")).to_contain_text("Acceptée")


def test_what_stands_beside_it_says_the_same_of_money(house):
    order = house.open.order(Status.READY, mode=Mode.TAKEAWAY)
    page = house.visit("", "tracking", tracking(order))
    listens(page)
    page.unroute_all()
    summary = page.locator(".summary")
    expect(summary).to_contain_text("À régler au comptoir")
    house.open.hand_over(order)
    expect(page.locator(".payment-status")).to_contain_text("Payée")
    expect(summary).to_contain_text("Payée")
    expect(summary).not_to_contain_text("À régler")
    expect(summary.get_by_role("link", name="Effacer mes données")).to_be_visible()


def test_what_is_asked_meanwhile_puts_off_nothing_that_goes_by_itself(house):
    order = house.open.order()
    house.stop()
    page = house.visit("", "tracking", tracking(order))
    page.clock.install()
    asked: list[int] = []

    def answer(route: Route) -> None:
        asked.append(304 if asked else 200)
        fleeting = '<p class="now" data-fleeting="100">Acceptée</p>'
        headers = {"ETag": '"a"', "Live-Ticket": "a.ticket"}
        route.fulfill(status=asked[-1], headers=headers, body=fleeting)

    page.route(f"**{tracking(order)}/etat", answer)
    page.reload()

    asks_after(page, asked, 0, True, False)
    expect(page.locator("#etat")).to_have_text("Acceptée")
    asks_after(page, asked, 60_000, True, False)
    asks_after(page, asked, 41_000)


def test_what_is_drawn_the_same_goes_by_itself_again(house):
    order = house.open.order()
    house.stop()
    page = house.visit("", "tracking", tracking(order))
    page.clock.install()
    asked: list[str] = []

    def answer(route: Route) -> None:
        asked.append(f'"{len(asked)}"')
        late = '<p class="now" data-fleeting="61">Plutôt vers 20 h 15</p>'
        headers = {"ETag": asked[-1], "Live-Ticket": "a.ticket"}
        route.fulfill(status=OK, headers=headers, body=late)

    page.route(f"**{tracking(order)}/etat", answer)
    page.reload()
    asks_after(page, asked, 0, True, False)
    expect(page.locator("#etat")).to_have_text("Plutôt vers 20 h 15")
    asks_after(page, asked, 62_000)
    asks_after(page, asked, 62_000)


def asks_after(page: Page, asked: list[Any], elapsed: int, *looks: bool) -> None:
    """Let some milliseconds go by, look away or back, and wait until the page asks once more."""
    before = len(asked)
    page.clock.run_for(elapsed)
    for hidden in looks:
        look_away(page, hidden)
    wait_until(lambda: page.evaluate("1") and len(asked) > before, 60, "the page to ask")


def test_a_board_says_that_nobody_tells_it_and_shows_what_came_meanwhile_when_somebody_does(house):
    page = house.visit("pizzaiolo", "kitchen")
    listens(page)
    house.stop()
    expect(page.locator("[data-freshness]")).to_have_text(BY_TURNS)
    order = house.open.order()
    house.start()
    expect(page.get_by_role("article", name=f"Commande {order.number}")).to_be_visible()
    listens(page)


def test_without_streams_a_board_asks_by_turns(house):
    house.stop()
    page = house.visit("pizzaiolo", "kitchen", turns=True)
    expect(page.locator("[data-freshness]")).to_have_text(BY_TURNS)
    order = house.open.order()
    expect(page.get_by_role("article", name=f"Commande {order.number}")).to_be_visible()


def test_so_does_one_whose_stream_is_held_back_on_the_way(house):
    page = house.visit("pizzaiolo", "kitchen", turns=True)
    page.route("**/en-direct", lambda _route: None)
    page.reload()
    order = house.open.order()
    expect(page.get_by_role("article", name=f"Commande {order.number}")).to_be_visible()
    expect(page.locator("[data-freshness]")).to_have_text(BY_TURNS)


def test_a_page_whose_ticket_is_too_old_gets_another_by_itself(house):
    page = house.visit("pizzaiolo", "kitchen")
    listens(page)
    page.route(
        "**/cuisine",
        lambda route: route.fulfill(
            response=(answer := route.fetch()),
            body=re.sub('data-ticket="[^"]+"', 'data-ticket="old.ticket"', answer.text()),
        ),
    )
    page.reload()
    listens(page)


def test_a_page_that_nobody_looks_at_takes_no_place(house):
    page = house.visit("pizzaiolo", "kitchen")
    listens(page)
    assert house.pages_that_listen() == 1
    look_away(page, True)
    wait_until(lambda: house.pages_that_listen() == 0, 60, "the stream to end")
    order = house.open.order()
    look_away(page, False)
    expect(page.get_by_role("article", name=f"Commande {order.number}")).to_be_visible()
    listens(page)


def look_away(page: Page, hidden: bool) -> None:
    page.evaluate(
        """hidden => {
          Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
          document.dispatchEvent(new Event("visibilitychange"));
        }""",
        hidden,
    )


def test_whoever_is_signed_out_elsewhere_is_told_nothing_more(house):
    page = house.visit("pizzaiolo", "kitchen")
    listens(page)
    page.unroute_all()
    house.open.end_sessions("pizzaiolo")
    page.wait_for_url("**/connexion**")

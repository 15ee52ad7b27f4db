"""The demo chain, open to browsers on loopback, with people of every role and orders under way."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session
from waitress.server import create_server

import ocpizza
from browser.furnish import furnish, make_chain, rich_lines
from browser.people import PEOPLE
from browser.sights import Sight
from databases import MIGRATIONS
from factories import author_of
from live.streams import running
from ocpizza.demo.streams import LOOK_AHEAD, THREADS, with_streams
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means
from ocpizza.models.promotion import Promotion
from ocpizza.models.sign_in import SignInSession
from ocpizza.operations.demo_data import load_demo_data
from ocpizza.services.order.advance import Step, advance_order
from ocpizza.services.order.cancel import cancel_order
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.settings import load_settings
from views.website import HERE, Chain, Website

WAITRESS = {"threads": THREADS, "channel_request_lookahead": LOOK_AHEAD}
# Nobody is asked anything there: the buttons are what is looked at.
PROVIDERS = "".join(
    f"[{name}]\nclient_id = shop\nclient_secret = secret\n" for name in ("google", "facebook")
)


@dataclass
class OpenHouse:
    """The served chain: `orders` by what became of them, tokens of `links` by their route.

    In `pockets` are the cookies of everybody who has looked out of the window, kept until they
    come back.
    """

    website: Website
    address: str
    orders: dict[str, Order] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    pockets: dict[str, list[Any]] = field(default_factory=dict)
    last_furnished: int = 0

    def new_visit(self, chromium: Chromium, who: str, **options: Any) -> BrowserContext:
        """A browser of somebody of `PEOPLE`, closed by the caller."""
        context = chromium.new_context(base_url=self.address, locale="fr-FR", **options)
        context.set_default_timeout(30_000)
        context.add_cookies(self.cookies(who))
        return context

    def cookies(self, who: str) -> list[dict[str, str]]:
        """The cookies of somebody of `PEOPLE` who has just come to where they are."""
        found = PEOPLE[who](self).cookiejar
        return [{"name": each.name, "value": each.value, "url": self.address} for each in found]

    def path(self, route: str, order: str = "", **parts: str) -> str:
        """The path of a page, about the order of this name in `orders` if it is about one."""
        known = {"restaurant": "paris-republique", "product": "regina", "code": HERE}
        if found := self.orders.get(order):
            known |= {"token": found.tracking_token, "number": found.number}
        if route in self.links:
            known["token"] = self.links[route]
        if "promotion" in parts:
            parts["promotion"] = str(self.promotion(parts["promotion"]).id)
        if "colleague" in parts:
            parts["colleague"] = str(self.website.account(parts["colleague"]).id)
        return self.website.application.routes_mapper.get_route(route).generate(known | parts)

    def path_of(self, sight: Sight) -> str:
        """Where a sight is seen, or where one comes from to what answers a post."""
        path = self.path(sight.at or sight.route, sight.order, **sight.parts)
        return f"{path}?{sight.query}" if sight.query else path

    def promotion(self, code: str) -> Promotion:
        with self.website.session() as session:
            return session.scalars(select(Promotion).where(Promotion.code == code)).one()

    def order(self, status: Status = Status.TO_PREPARE, **values: Any) -> Order:
        """An order, up to this status, carried by the driver of `PEOPLE` once it is on its way."""
        carried = status is Status.OUT_FOR_DELIVERY
        values = {"lines": rich_lines(self.website.pizzeria)} | values
        order = self.website.order(Status.READY if carried else status, **values)
        if carried:
            with self.website.session() as session:
                driver = author_of(session.merge(self.website.account("driver")))
                now = datetime.now(UTC)
                advance_order(session, order.id, Step(Status.READY, status), driver, now)
        return order

    def advance(self, order: Order, after: Status) -> None:
        """Have the pizza maker set an order's next status."""
        with self.website.session() as session:
            cook = author_of(session.merge(self.website.account("pizzaiolo")))
            before = session.get_one(Order, order.id).status
            advance_order(session, order.id, Step(before, after), cook, datetime.now(UTC))

    def hand_over(self, order: Order) -> None:
        """Have the cashier hand over an order that is ready, which is paid by card."""
        with self.website.session() as session:
            cashier = author_of(session.merge(self.website.account("cashier")))
            handed = HandOver(Status.READY, Means.CARD_TERMINAL)
            hand_over(session, order.id, handed, cashier, datetime.now(UTC))

    def clear_board(self) -> None:
        """Cancel what other tests have ordered and nobody began: the board is as furnished."""
        now = datetime.now(UTC)
        left = select(Order.id).where(
            Order.id > self.last_furnished, Order.status == Status.TO_PREPARE
        )
        with self.website.session() as session:
            manager = author_of(session.merge(self.website.account("manager")))
            for order_id in session.scalars(left).all():
                cancel_order(session, order_id, manager, now)

    def end_sessions(self, who: str) -> None:
        """Sign somebody of `PEOPLE` out wherever they are."""
        self.pockets.pop(who, None)
        with self.website.session() as session:
            theirs = SignInSession.account_id == self.website.account(who).id
            session.execute(delete(SignInSession).where(theirs))


@contextmanager
def open_house(engine: Engine, folder) -> Iterator[OpenHouse]:
    """Serve the demo chain from this empty database."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        load_demo_data(session, datetime.now(UTC))
        chain = make_chain(session, engine)
    settings = load_settings(write_settings(engine, folder), environment={})
    application = ocpizza.main(settings)
    with running(settings, engine.url) as live:
        yield from _served(application, engine, chain, live.path)


def _served(application: Any, engine: Engine, chain: Chain, live: Path) -> Iterator[OpenHouse]:
    served = with_streams(application, live)
    server = create_server(served, host="127.0.0.1", port=0, **WAITRESS)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    website = Website(application, engine, chain, {})
    house = OpenHouse(website, f"http://127.0.0.1:{server.effective_port}")
    furnish(house)
    with website.session() as session:
        house.last_furnished = session.scalars(select(func.max(Order.id))).one()
    try:
        yield house
    finally:
        server.close()
        thread.join(60)


def write_settings(engine: Engine, folder: Path) -> Path:
    """The settings file, in this folder, of a shop on this database."""
    ini = folder / "ocpizza.ini"
    url = engine.url.render_as_string(hide_password=False).replace("%", "%%")
    ini.write_text(
        f"[database]\nurl = {url}\nmigrations = {MIGRATIONS}\n[session]\nsecret_file = key\n"
        f"{PROVIDERS}",
        encoding="utf-8",
    )
    return ini

"""The demo chain, open to browsers on loopback, with people of every role and orders under way."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import BrowserContext
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session
from waitress.server import create_server

import ocpizza
from browser.sights import Sight
from databases import MIGRATIONS
from factories import Lines, Pizzeria, author_of, make_account, make_staff, the_pizzeria
from ocpizza.models.account import Role
from ocpizza.models.basket import BasketLine
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.operations.demo_data import load_demo_data
from ocpizza.services.advance_order import advance_order
from ocpizza.services.cancel_order import cancel_order
from ocpizza.settings import load_settings
from views.pages import form_of
from views.website import HERE, Browser, Chain, Website

SHOP = "/pizzeria/paris-republique"
JOBS = (Role.CASHIER, Role.PIZZAIOLO, Role.DRIVER, Role.MANAGER)
HOUR = 60


@dataclass
class OpenHouse:
    """The served chain: `orders` by what became of them, `people` by who they are."""

    website: Website
    address: str
    orders: dict[str, Order] = field(default_factory=dict)
    _contexts: dict[str, BrowserContext] = field(default_factory=dict)

    def visit(self, chromium: Chromium, who: str) -> BrowserContext:
        """A browser of somebody of `PEOPLE`, the same one every time."""
        if who not in self._contexts:
            self._contexts[who] = self.new_visit(chromium, who)
        return self._contexts[who]

    def new_visit(self, chromium: Chromium, who: str, **options: Any) -> BrowserContext:
        """A browser of somebody of `PEOPLE`, closed by the caller."""
        context = chromium.new_context(base_url=self.address, locale="fr-FR", **options)
        context.set_default_timeout(15_000)
        cookies = PEOPLE[who](self).cookiejar
        context.add_cookies(
            [{"name": each.name, "value": each.value, "url": self.address} for each in cookies]
        )
        return context

    def path(self, route: str, order: str = "", **parts: str) -> str:
        """The path of a page, about the order of this name in `orders` if it is about one."""
        known = {"restaurant": "paris-republique", "product": "regina", "code": HERE}
        if found := self.orders.get(order):
            known |= {"token": found.tracking_token, "number": found.number}
        return self.website.application.routes_mapper.get_route(route).generate(known | parts)

    def path_of(self, sight: Sight) -> str:
        """Where a sight is seen, or where one comes from to what answers a post."""
        route = "product" if sight.route == "basket_add" else sight.route
        path = self.path(route, sight.order, **sight.parts)
        return f"{path}?{sight.query}" if sight.query else path

    def order(self, status: Status = Status.TO_PREPARE, **values: Any) -> Order:
        """An order, up to this status, carried by the driver of `PEOPLE` once it is on its way."""
        carried = status is Status.OUT_FOR_DELIVERY
        values = {"lines": rich_lines(self.website.pizzeria)} | values
        order = self.website.order(Status.READY if carried else status, **values)
        if carried:
            with self.website.session() as session:
                driver = author_of(session.merge(self.website.account("driver")))
                now = datetime.now(UTC)
                advance_order(session, order.id, Status.READY, status, driver, now)
        return order


def _hungry(house: OpenHouse) -> Browser:
    """Somebody with a basket: several lines, one with options, one of which too little is left."""
    browser = house.website.browser()
    pizzeria = house.website.pizzeria
    egg, ham = (pizzeria.ingredients[code].id for code in ("oeuf", "jambon-blanc"))
    browser.add("regina", SHOP, quantity=2, without=[ham], extra=[egg])
    browser.add("biere-blonde-33cl", SHOP)
    return browser


def _disappointed(house: OpenHouse) -> Browser:
    """Somebody whose basket holds more than can be made, and no pizza that can."""
    browser = house.website.browser()
    browser.add("bresaola", SHOP)
    wanted = house.website.pizzeria.select("bresaola").text
    with house.website.session() as session:
        session.execute(
            update(BasketLine).where(BasketLine.selection == wanted).values(quantity=40)
        )
    return browser


def _decided(house: OpenHouse) -> Browser:
    """Somebody who has told where to deliver, and has to pay."""
    browser = _hungry(house)
    browser.give_details(comment="Sonnez deux fois.")
    return browser


def _changing(house: OpenHouse) -> Browser:
    """Somebody in the middle of changing his order."""
    browser = house.website.browser()
    tracking = house.path("tracking", "new")
    form_of(browser.get(tracking), f"{tracking}/modifier").submit()
    return browser


PEOPLE: dict[str, Callable[[OpenHouse], Browser]] = {
    "visitor": lambda house: house.website.browser(),
    "hungry": _hungry,
    "disappointed": _disappointed,
    "decided": _decided,
    "changing": _changing,
    "customer": lambda house: house.website.staff("customer"),
    "cashier": lambda house: house.website.staff("cashier"),
    "pizzaiolo": lambda house: house.website.staff("pizzaiolo"),
    "driver": lambda house: house.website.staff("driver"),
    "manager": lambda house: house.website.staff("manager"),
    "direction": lambda house: house.website.staff("direction"),
}


@contextmanager
def open_house(engine: Engine, folder) -> Iterator[OpenHouse]:
    """Serve the demo chain from this empty database."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        load_demo_data(session, datetime.now(UTC))
        chain = _make_chain(session, engine)
    application = ocpizza.main(load_settings(_settings(engine, folder), environment={}))
    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    website = Website(application, engine, chain, {})
    house = OpenHouse(website, f"http://127.0.0.1:{server.effective_port}")
    _place_orders(house)
    try:
        yield house
    finally:
        server.close()
        thread.join(10)


def _settings(engine: Engine, folder):
    ini = folder / "ocpizza.ini"
    url = engine.url.render_as_string(hide_password=False).replace("%", "%%")
    ini.write_text(
        f"[database]\nurl = {url}\nmigrations = {MIGRATIONS}\n[session]\nsecret_file = key\n",
        encoding="utf-8",
    )
    return ini


def _make_chain(session: Session, engine: Engine) -> Chain:
    pizzeria = the_pizzeria(session)
    identifiers = {"direction": "la.direction", "customer": "cliente@example.org"}
    make_staff(session, Role.MANAGER, identifier="la.direction")
    make_account(session, email=identifiers["customer"])
    for role in JOBS:
        identifiers[role] = f"{role}.ici"
        make_staff(session, role, pizzeria.restaurant, identifier=identifiers[role])
    return Chain(engine.url, pizzeria, the_pizzeria(session, "city_002"), identifiers)


def rich_lines(pizzeria: Pizzeria) -> Lines:
    """Two pizzas with options and a drink: more than the least that is delivered."""
    pizza = pizzeria.select("regina", without=["jambon-blanc"], extras=["oeuf"])
    return [(pizza, 2), (pizzeria.select("cola-33cl"), 1)]


def _place_orders(house: OpenHouse) -> None:
    """One order of each kind that some page shows differently."""
    comment = "Sonnez chez Mme Vandenberghe, deuxième cour. " + "Merci" * 30
    house.orders = {
        "new": house.order(comment=comment, email="stanley@example.org"),
        "late": house.order(minutes_ago=HOUR),
        "soon": house.order(Status.ACCEPTED, minutes_ago=25),
        "preparing": house.order(Status.PREPARING),
        "ready": house.order(Status.READY, comment=comment),
        "counter": house.order(Status.READY, mode=Mode.TAKEAWAY),
        "on_its_way": house.order(Status.OUT_FOR_DELIVERY, comment=comment),
        "delivered": house.order(Status.DELIVERED),
        "cancelled": house.order(),
    }
    with house.website.session() as session:
        cashier = author_of(session.merge(house.website.account("cashier")))
        id, now = house.orders["cancelled"].id, datetime.now(UTC)
        cancel_order(session, id, cashier, now, "Le four est en panne.")

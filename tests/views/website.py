"""The application on a believable chain, and browsers to visit it: what tests of views start from.

The chain is made once a test run; every test visits a copy of it of its own.
"""

import re
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import webtest
from sqlalchemy import Engine, or_, select, update
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

import ocpizza
from databases import MIGRATIONS, Databases, counted_statements
from factories import (
    KEY,
    PASSWORD,
    Pizzeria,
    make_account,
    make_branch,
    make_pizzeria,
    make_staff,
    order_of,
)
from ocpizza.db import read_only
from ocpizza.domain.totp import code_of, step_at
from ocpizza.kept_pages import KeptPages
from ocpizza.metrics.figures import Figures
from ocpizza.models.account import Account, Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.sign_in import SignInSession
from ocpizza.outage import Outage
from ocpizza.settings import load_settings
from views.pages import form_of, soup, words

HERE, ELSEWHERE = "city_001", "city_002"
SHOP = "/pizzeria/city-001"
BASKET, CHANGE = "/panier", "/panier/modifier"
ADD = f"{SHOP}/ajouter"
CHECKOUT = "/commande"
SECOND_FACTOR = "/connexion/code"
STANLEY = {
    "contact_name": "Stanley Martin",
    "phone": "06 12 34 56 78",
    "street": "12 rue Oberkampf",
    "postcode": "75011",
    "town": "Paris",
}
JOBS = (Role.CASHIER, Role.PIZZAIOLO, Role.DRIVER, Role.MANAGER)
SAME_ORIGIN = {"HTTP_SEC_FETCH_SITE": "same-origin"}
# A sign-in is lent to several tests for so long: those of limits count from it.
JUST_NOW = timedelta(seconds=20)


class Browser(webtest.TestApp):
    """A browser with cookies of its own, whose posts come from our own pages."""

    def __init__(self, application: Any, **environment: str) -> None:
        super().__init__(application, extra_environ=SAME_ORIGIN | environment)
        self._tokens: dict[tuple[tuple[str, str], ...], str] = {}

    def form(self, path: str, action: str, **hidden: str) -> webtest.Form:
        """The first form on a page that posts to `action`, with these values in it already."""
        return form_of(self.get(path), action, **hidden)

    def add(self, slug: str = "margherita", shop: str = SHOP, *, quantity: int = 1, **options):
        """Put a product in the basket from its page; sizes and options by their ids."""
        form = self.form(f"{shop}/{slug}", f"{shop}/{slug}")
        form["quantity"] = str(quantity)
        choose(form, **options)
        return form.submit(expect_errors=True)

    def give_details(self, **details: str):
        """Send the checkout without a means of payment; what is not named is what Stanley says.

        Right details are remembered; the page comes again and asks for what is missing.
        """
        form = self.form(CHECKOUT, CHECKOUT)
        for name, value in (STANLEY | details).items():
            form[name] = value
        # Whoever has ordered before accepts the terms by ordering.
        accept = form["accept"]
        accept.value = False if isinstance(accept, webtest.forms.Checkbox) else ""
        return form.submit(expect_errors=True)

    def payment_form(self, means: str = "cash") -> webtest.Form:
        """The form that places the order, its details remembered, filled in."""
        form = self.form(CHECKOUT, CHECKOUT)
        form["means"] = means
        if isinstance(form["accept"], webtest.forms.Checkbox):
            form["accept"] = True
        if "of_age" in form.fields:
            form["of_age"] = True
        return form

    def token(self) -> str:
        """The token that our own pages send with every post: one for as long as the cookies are."""
        cookies = tuple(self.cookies.items())
        if cookies not in self._tokens:
            page = self.get("/conditions-generales").text
            token = re.search('data-csrf="([^"]*)"', page)[1]
            self._tokens[tuple(self.cookies.items())] = token
            return token
        return self._tokens[cookies]

    def post_form(self, path: str, fields: Any = (), **more: Any) -> webtest.TestResponse:
        """Post these fields, good or bad, from one of our own pages; any answer will do."""
        pairs = [*dict(fields).items()] if isinstance(fields, dict) else [*fields]
        more = {"expect_errors": True} | more
        return self.post(path, [*pairs, ("csrf_token", self.token())], **more)

    def order(self, *, means: str = "cash", **details: str):
        """Order what is in the basket; the answer is its tracking page."""
        self.give_details(**details)
        return self.payment_form(means).submit(status=303).follow()

    def lines(self) -> list[tuple[str, int]]:
        """(name, quantity) of the basket's lines, as its page shows them."""
        page = soup(self.get(BASKET))
        forms = page.select(f'form[action="{CHANGE}"]:has(input[name=line])')
        return [
            (words(form.find_parent("li").h2.get_text()), _shown_quantity(form)) for form in forms
        ]


@dataclass
class Website:
    """One copy of the chain, and the application that serves it."""

    application: Any
    engine: Engine
    chain: "Chain"
    signed_in: dict[str, tuple[list[Any], dict[str, Any]]]

    @property
    def pizzeria(self) -> Pizzeria:
        return self.chain.pizzeria

    @property
    def branch(self) -> Pizzeria:
        return self.chain.branch

    def browser(self, **environment: str) -> Browser:
        return Browser(self.application, **environment)

    def staff(self, who: str) -> Browser:
        """The browser of « driver », « manager.city_002 », « direction », « customer » …"""
        browser = self.browser()
        now = datetime.now(UTC)
        cookies, row = self.signed_in.get(who, ([], {}))
        old = row and not timedelta(0) <= now - row["started_at"] < JUST_NOW
        if not row or (old and self.account(who).password_hash):
            cookies, row = self._sign_in(browser, who)
            # Whoever has a second factor in this test alone has none in the next.
            if not row["two_factors"] or who == "direction":
                self.signed_in[who] = cookies, row
        for cookie in cookies:
            browser.cookiejar.set_cookie(cookie)
        with self.session() as session:
            # They may have signed in to another copy of the chain, a while ago.
            session.merge(SignInSession(**row | {"started_at": now, "last_seen_at": now}))
        return browser

    def at_own_device(self, who: str) -> Browser:
        """The same at a telephone of their own, where they are not signed out so soon."""
        browser = self.staff(who)
        with self.session() as session:
            theirs = SignInSession.account_id == self.account(who).id
            session.execute(update(SignInSession).where(theirs).values(shared=False))
        return browser

    def _sign_in(self, browser: Browser, who: str) -> tuple[list[Any], dict[str, Any]]:
        """The cookies and the row of somebody who has just signed in."""
        account_id = self.account(who).id
        mine = select(SignInSession).where(SignInSession.account_id == account_id)
        with self.session() as session:
            before = {row.sha256 for row in session.scalars(mine)}
        assert sign_in(browser, self.chain.identifiers[who]).status_int == 303
        browser.get("/connexion")  # reads « Connecté »
        with self.session() as session:
            (row,) = (row for row in session.scalars(mine) if row.sha256 not in before)
            values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
        return list(browser.cookiejar), values

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The database behind the website; what is done to it is committed."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def order(self, status: Status = Status.TO_PREPARE, *, minutes_ago: int = 0, **values: Any):
        """An order that was placed a moment ago and has come to `status`."""
        now = datetime.now(UTC) - timedelta(minutes=minutes_ago)
        pizzeria = values.pop("at", self.pizzeria)
        with self.session() as session:
            return order_of(session, pizzeria, now=now, status=status, **values)

    def look_at(self, order_or_number: Order | str) -> Order:
        """The order as it is in the database now."""
        number = getattr(order_or_number, "number", order_or_number)
        with self.session() as session:
            return session.scalars(select(Order).where(Order.number == number)).one()

    def account(self, who: str) -> Account:
        with self.session() as session:
            name = self.chain.identifiers[who]
            query = select(Account).where(or_(Account.identifier == name, Account.email == name))
            return session.scalars(query).one()

    def counted(self):
        """Counts the statements of the application while the block runs."""
        return counted_statements(self.engine)


@dataclass(frozen=True)
class Chain:
    """Two restaurants with everybody who works there, in a database to be copied."""

    url: URL
    pizzeria: Pizzeria
    branch: Pizzeria
    identifiers: dict[str, str]


class Chains:
    """The chain on each kind of database, made when it is first asked for."""

    def __init__(self, databases: Databases, stack: ExitStack) -> None:
        self._databases, self._stack = databases, stack
        self._made: dict[str, Chain] = {}

    def on(self, backend: str) -> Chain:
        if backend not in self._made:
            engine = self._stack.enter_context(self._databases.private(backend))
            with Session(engine, expire_on_commit=False) as session, session.begin():
                self._made[backend] = _make_chain(session, engine.url)
            engine.dispose()
        return self._made[backend]

    def copy(self, chain: Chain) -> AbstractContextManager[Engine]:
        return self._databases.copy(chain.url.get_backend_name(), chain.url.database)


@pytest.fixture(scope="session")
def chains(databases: Databases) -> Iterator[Chains]:
    with ExitStack() as stack:
        yield Chains(databases, stack)


@pytest.fixture(scope="session")
def application(tmp_path_factory) -> tuple[Any, dict[str, Any]]:
    """The application, and who has signed in to it; `website` gives it a database."""
    folder = tmp_path_factory.mktemp("website")
    ini = folder / "ocpizza.ini"
    ini.write_text(
        f"[database]\nurl = sqlite:///{folder}/nothing.sqlite\nmigrations = {MIGRATIONS}\n"
        "[session]\nsecret_file = session.key\n"
    )
    return ocpizza.main(load_settings(ini, environment={})), {}


@pytest.fixture
def backend() -> str:
    """SQLite, the quicker to copy; what depends on the database is tried on both."""
    return "sqlite"


@pytest.fixture
def website(application, chains: Chains, backend: str) -> Iterator[Website]:
    """The application on a copy of the chain that this test may do anything to."""
    served, cookies = application
    chain = chains.on(backend)
    with chains.copy(chain) as engine:
        served.registry["engines"] = {"write": engine, "read": read_only(engine)}
        served.registry["outage"] = Outage()
        served.registry["figures"] = Figures()
        served.registry["kept_pages"] = KeptPages()
        yield Website(served, engine, chain, cookies.setdefault(backend, {}))


@pytest.fixture
def browser(website: Website) -> Browser:
    """A visitor's browser."""
    return website.browser()


def choose(form: webtest.Form, **options) -> None:
    """Leave ingredients out (`without`) and add some (`extra`), by their ids."""
    for way, ids in options.items():
        for box in form.fields.get(way, []):
            box.checked = box._value in map(str, ids)
        for id in ids:
            if f"option-{id}" in form.fields:
                form[f"option-{id}"] = way


def sign_in(browser: Browser, identifier: str, password: str = PASSWORD, path: str = "/connexion"):
    """Send the sign-in form, then the code where one is asked for; the answer is not followed."""
    form = browser.form(path, "/connexion")
    form["identifier"], form["password"] = identifier, password
    answer = form.submit(expect_errors=True)
    if answer.status_int == 303 and answer.location.endswith(SECOND_FACTOR):
        return show_second_factor(browser)
    return answer


def show_second_factor(browser: Browser):
    """Send a code of the application that has the key of `factories`, or the one on the page.

    Of those that are good now, the first that nobody has used.
    """
    page = browser.get(SECOND_FACTOR)
    shown = soup(page).select_one(".key")
    key = shown.text.replace(" ", "") if shown else KEY
    here = step_at(datetime.now(UTC))
    for step in (here - 1, here, here + 1):
        form = form_of(browser.get(SECOND_FACTOR), SECOND_FACTOR)
        form["code"] = code_of(key, step)
        answer = form.submit(expect_errors=True)
        if answer.status_int != 422:
            break
    return answer


def _shown_quantity(form) -> int:
    return int(form.select_one("button[name=quantity]")["value"]) + 1


def _make_chain(session: Session, url: URL) -> Chain:
    pizzeria = make_pizzeria(session, name="OC Pizza République")
    branch = make_branch(session, pizzeria, code=ELSEWHERE, name="OC Pizza Montparnasse")
    identifiers = {"direction": "direction", "customer": "cliente@example.org"}
    make_staff(session, Role.MANAGER, identifier="direction")
    make_account(session, email=identifiers["customer"])
    for restaurant in (pizzeria.restaurant, branch.restaurant):
        for role in JOBS:
            who = str(role) if restaurant.code == HERE else f"{role}.{restaurant.code}"
            identifiers[who] = f"{role}.{restaurant.code}"
            make_staff(session, role, restaurant, identifier=identifiers[who])
    return Chain(url, pizzeria, branch, identifiers)

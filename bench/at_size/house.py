"""The application on one of the databases, in this process, and who visits it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

import ocpizza
from frame import PLENTY, SETTINGS
from ocpizza.domain.totp import code_of, step_at
from ocpizza.models.account import Account, Employee
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.restaurant import Restaurant
from ocpizza.models.second_factor import SecondFactor
from ocpizza.models.stock import Reason
from ocpizza.models.till import TillSession
from ocpizza.operations.demo_data import PASSWORD
from ocpizza.routes import ROUTES
from ocpizza.services.locks import lock_stock
from ocpizza.services.stock.move import Cause, move_stock
from ocpizza.settings import load_settings
from views.pages import form_of
from views.website import SECOND_FACTOR, Browser

CODE = "city_001"
SHOP = "/pizzeria/paris-republique"


def write_settings(folder: Path, url: str) -> Path:
    """What the shop is told for a database; gives the file."""
    config = folder / "ocpizza.ini"
    socket = folder / "gunicorn.sock"
    config.write_text(SETTINGS.format(url=url.replace("%", "%%"), socket=socket))
    return config


@dataclass
class House:
    """A shop that pages are asked of; all of them about its first restaurant."""

    name: str
    config: Path
    browsers: dict[str, Browser] = field(default_factory=dict)
    callers: int = 0

    @cached_property
    def application(self) -> Any:
        return ocpizza.main(load_settings(self.config, environment={}))

    @property
    def engine(self) -> Engine:
        return self.application.registry["engines"]["write"]

    @contextmanager
    def session(self) -> Iterator[Session]:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session

    def stock_up(self) -> None:
        """Have enough at its first restaurant for whatever is ordered; some is short tonight."""
        with self.session() as session:
            here = session.scalars(select(Restaurant.id).where(Restaurant.code == CODE)).one()
            ids = set(session.scalars(select(Ingredient.id)))
            cause = Cause(Reason.SUPPLY, datetime.now(UTC))
            stocks = lock_stock(session, here, ids)
            move_stock(session, here, stocks, dict.fromkeys(ids, PLENTY), cause)

    def browser(self, who: str) -> Browser:
        """Of somebody who is signed in: « direction », an address of a customer's; "" of nobody."""
        if who not in self.browsers:
            self.browsers[who] = Browser(self.application)
            if who:
                self._sign_in(self.browsers[who], who)
        return self.browsers[who]

    def _sign_in(self, browser: Browser, who: str) -> None:
        form = browser.form("/connexion", "/connexion")
        form["identifier"], form["password"] = who, PASSWORD
        answer = form.submit(status=303)
        if answer.location.endswith(SECOND_FACTOR):
            form = form_of(browser.get(SECOND_FACTOR), SECOND_FACTOR)
            with self.session() as session:
                theirs = select(Account.id).where(Account.identifier == who).scalar_subquery()
                factor = session.get_one(SecondFactor, session.scalars(select(theirs)).one())
                # It is the same moment again at each run.
                key, factor.last_step = factor.key, 0
            form["code"] = code_of(key, step_at(datetime.now(UTC)))
            form.submit(status=303)

    @cached_property
    def customer(self) -> str:
        """The address of whoever has ordered most; whoever knows the demo's password signs in."""
        with self.session() as session:
            own = select(Order.account_id).where(Order.account_id.is_not(None))
            most = own.group_by(Order.account_id).order_by(func.count().desc(), Order.account_id)
            account = session.get_one(Account, session.scalars(most.limit(1)).one())
            manager = select(Account.password_hash).where(Account.identifier == "direction")
            account.password_hash = session.scalars(manager).one()
            return account.email

    @cached_property
    def parts(self) -> dict[str, str]:
        """What addresses are about."""
        with self.session() as session:
            here = select(Restaurant.id).where(Restaurant.code == CODE).scalar_subquery()
            orders = select(Order).where(Order.restaurant_id == here)
            ended = orders.where(Order.status == Status.DELIVERED).order_by(Order.id.desc())
            order = session.scalars(ended.limit(1)).one()
            colleague = select(func.min(Employee.account_id)).where(Employee.restaurant_id == here)
            tills = select(func.max(TillSession.number)).where(TillSession.restaurant_id == here)
            return {
                "restaurant": SHOP.rpartition("/")[2],
                "product": "margherita",
                "version": "1",
                "kind": "pizza",
                "codes": "mozzarella",
                "size": "carte",
                "digest": "d" * 32,
                "token": order.tracking_token,
                "code": CODE,
                "number": order.number,
                "provider": "google",
                "promotion": "1",
                "colleague": str(session.scalar(colleague)),
                "ingredient": "1",
                "company": "1",
                "report": str(session.scalar(tills)),
                "line": "1",
            }

    def pages(self) -> Iterator[tuple[str, str, str]]:
        """(route, who, path) of every page that is there for who sees most."""
        for route, pattern, _ in ROUTES:
            path = self.application.routes_mapper.get_route(route).generate(self.parts)
            who = ""
            if pattern.startswith("/equipe"):
                who = "direction"
            elif pattern.startswith("/compte"):
                who = self.customer
            if self.browser(who).get(path, expect_errors=True).status_int == 200:
                yield route, who, path

    def caller(self) -> dict[str, str]:
        """Somebody who has not ordered yet."""
        self.callers += 1
        return {"phone": f"06 98 {self.callers // 100:02} {self.callers % 100:02} 00"}

"""A shop of one's own that takes payments through the simulated Stripe."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from factories import NOON, Pizzeria, author_of, make_pizzeria, make_staff, order_of
from local_stripe_server import LocalStripe, local_stripe
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment
from ocpizza.payments.gateway import Gateway
from ocpizza.payments.settle import settle, settle_due
from ocpizza.payments.stripe_gateway import StripeGateway
from ocpizza.services.order.advance import Step, advance_order

SOON = NOON + timedelta(minutes=2)
LATER = NOON + timedelta(minutes=16)
AT_LAST = NOON + timedelta(hours=3)


@pytest.fixture(scope="session")
def stripe_server() -> Iterator[LocalStripe]:
    with local_stripe() as server:
        yield server


@pytest.fixture
def stripe(stripe_server: LocalStripe) -> LocalStripe:
    """The simulator, with no fault waiting."""
    stripe_server.work_again()
    return stripe_server


@pytest.fixture
def gateway(stripe: LocalStripe) -> Gateway:
    return StripeGateway("sk_test_12345", stripe.url)


@dataclass
class Till:
    """A committed shop and its payments: what tests do to them, each in a transaction."""

    engine: Engine
    gateway: Gateway
    stripe: LocalStripe
    pizzeria: Pizzeria
    cook: object

    def place(self, quantity: int = 1, **values) -> int:
        """An order that awaits its payment; gives its id."""
        with self.session() as session, session.begin():
            lines = [(self.pizzeria.select("margherita"), quantity)]
            order = order_of(
                session,
                self.pizzeria,
                lines,
                means=Means.ONLINE_CARD,
                status=Status.AWAITING_PAYMENT,
                email="julia@example.org",
                **values,
            )
            return order.id

    def authorised(self, quantity: int = 1) -> int:
        """An order whose payment is authorised and known to be."""
        order_id = self.place(quantity)
        self.settle(order_id)
        self.pay(order_id)
        self.settle(order_id)
        assert self.order(order_id).status is Status.TO_PREPARE
        return order_id

    def pay(self, order_id: int, *card: str) -> tuple[int, dict]:
        """The customer gives their card to Stripe's script."""
        return self.stripe.confirm(self.secret(order_id), *card)

    def secret(self, order_id: int) -> str:
        intent_id = self.payments(order_id)[-1].stripe_intent_id
        return self.gateway.fetch(intent_id, None).client_secret

    def settle(self, order_id: int, now: datetime = NOON) -> None:
        for payment in self.payments(order_id):
            settle(self.engine, self.gateway, payment.id, now)

    def work(self, now: datetime) -> int:
        """What a worker does until nothing is due; gives how many payments it looked at."""
        count = 0
        while settle_due(self.engine, self.gateway, now):
            count += 1
            assert count < 50, "the worker has no end"
        return count

    def advance(self, order_id: int, to: Status, now: datetime = NOON) -> None:
        for before, after in ((Status.TO_PREPARE, Status.ACCEPTED), (Status.ACCEPTED, to)):
            if self.order(order_id).status is before:
                with self.session() as session, session.begin():
                    advance_order(session, order_id, Step(before, after), self.cook, now)

    def order(self, order_id: int) -> Order:
        with self.session() as session:
            return session.get_one(Order, order_id)

    def payments(self, order_id: int) -> list[Payment]:
        with self.session() as session:
            query = select(Payment).where(Payment.order_id == order_id).order_by(Payment.id)
            return list(session.scalars(query))

    def intent(self, order_id: int, place: int = -1) -> dict:
        return self.stripe.intents()[self.payments(order_id)[place].stripe_intent_id]

    def session(self) -> Session:
        return Session(self.engine, expire_on_commit=False)


@pytest.fixture
def till(committed_database: Engine, gateway: Gateway, stripe: LocalStripe) -> Till:
    with Session(committed_database, expire_on_commit=False) as session, session.begin():
        pizzeria = make_pizzeria(session)
        cook = author_of(make_staff(session, Role.PIZZAIOLO, pizzeria.restaurant))
    return Till(committed_database, gateway, stripe, pizzeria, cook)

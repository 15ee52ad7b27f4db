"""Two hosts close a day at once, while people order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from droplets.waiting import wait_until
from factories import NOON, make_pizzeria, order_of
from ocpizza.domain.hours import business_day
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.order_status import Status
from ocpizza.services.sales.close import Outcome, close_day

TOMORROW = NOON + timedelta(days=1)
WAITING = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event_type = 'Lock' AND datname = current_database()"
)


@pytest.fixture
def backend() -> str:
    """SQLite's writers are alone anyway."""
    return "postgresql"


def test_a_day_that_two_hosts_close_is_closed_once_and_nobody_who_orders_waits(committed_database):
    with Session(committed_database, expire_on_commit=False) as session, session.begin():
        pizzeria = make_pizzeria(session)
        order_of(session, pizzeria, status=Status.DELIVERED)
    own = pizzeria.restaurant.id

    def close() -> Outcome:
        with Session(committed_database) as session, session.begin():
            return close_day(session, own, business_day(NOON), TOMORROW)

    def somebody_waits() -> bool:
        with committed_database.connect() as connection:
            return connection.scalar(WAITING) > 0

    with ThreadPoolExecutor(1) as other_host:
        with Session(committed_database) as session, session.begin():
            first = close_day(session, own, business_day(NOON), TOMORROW)
            second = other_host.submit(close)
            wait_until(somebody_waits, 60)
            with Session(committed_database) as customer, customer.begin():
                order_of(customer, pizzeria, now=TOMORROW)
        assert (first, second.result(30)) == (Outcome.CLOSED, Outcome.SAME)
    with Session(committed_database) as session:
        assert [day.orders for day in session.scalars(select(ClosedDay))] == [1]

"""Rows that were there before a migration tightened the rules survive it."""

from datetime import timedelta

from alembic import command
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from databases import MIGRATIONS
from factories import NOON, make_pizzeria, order_of
from ocpizza.models.closed_day import ClosedDay
from ocpizza.models.order import Source
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.operations.migrate import _config, migrate

# The revision that the one of comparing restaurants follows.
BEFORE_COMPARING = "0038"
LOOK = (
    "SELECT o.source, r.number, o.checkout_key, r.checkout_key FROM orders o "
    "JOIN order_revision r ON r.order_id = o.id ORDER BY o.id, r.number"
)


def test_orders_without_a_key_get_one_that_nobody_knows(empty_database):
    migrate(empty_database, MIGRATIONS)
    with Session(empty_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        order_of(session, pizzeria)
        order_of(session, pizzeria)
        order_of(session, pizzeria, mode=Mode.EAT_IN, source=Source.COUNTER)
    back_to(empty_database, "0012")
    with empty_database.begin() as connection:
        connection.execute(text("UPDATE orders SET checkout_key = NULL WHERE id <> 2"))
        connection.execute(text("UPDATE order_revision SET number = 2 WHERE order_id = 2"))
    before = rows(empty_database)
    migrate(empty_database, MIGRATIONS)
    first, second, counter = rows(empty_database)
    assert len(first[2]) == len(second[3]) == 43
    assert first[3] is None
    assert second[2] == before[1][2]
    assert counter[2:] == (None, None)


def test_days_closed_before_get_the_orders_that_were_late(empty_database):
    migrate(empty_database, MIGRATIONS)
    with Session(empty_database) as session, session.begin():
        pizzeria = make_pizzeria(session)
        for minutes, mode in ((-1, Mode.TAKEAWAY), (1, Mode.TAKEAWAY), (-1, Mode.DELIVERY)):
            order = order_of(session, pizzeria, mode=mode, status=Status.DELIVERED)
            # All of their statuses were set at noon.
            order.expected_at = NOON + timedelta(minutes=minutes)
        open_order = order_of(session, pizzeria, status=Status.READY)
        open_order.expected_at = NOON - timedelta(minutes=1)
        values = {"orders": 3, "turnover_cents": 1, "vat_cents": 0, "closed_at": NOON}
        day = order.business_day
        session.add(ClosedDay(restaurant_id=pizzeria.restaurant.id, day=day, **values))
    back_to(empty_database, BEFORE_COMPARING)
    migrate(empty_database, MIGRATIONS)
    with Session(empty_database) as session:
        assert session.scalars(select(ClosedDay.late)).all() == [2]


def rows(engine) -> list[tuple]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(LOOK))]


def back_to(engine, revision: str) -> None:
    """Undo the migrations after this one."""
    with engine.begin() as connection:
        command.downgrade(_config(connection, MIGRATIONS), revision)

"""What is read of the end of `live_change`: every change once, in whatever order they end."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert, text
from sqlalchemy.orm import Session

from factories import make_pizzeria, order_of
from ocpizza.live.forget import forget_changes
from ocpizza.live.tail import Change, Tail, changed_lately
from ocpizza.models.live_change import LiveChange
from ocpizza.models.order import Order


@pytest.fixture
def orders(committed_database: Engine) -> list[Order]:
    with Session(committed_database, expire_on_commit=False) as session, session.begin():
        pizzeria = make_pizzeria(session)
        return [order_of(session, pizzeria) for _ in range(3)]


def change_of(order: Order) -> Change:
    return Change(order.restaurant_id, order.number)


def touch(session: Session, order: Order) -> None:
    session.get_one(Order, order.id).touch_version()
    session.flush()


def test_an_order_that_is_placed_or_changed_is_told_once(committed_database):
    tail = Tail(committed_database)
    with Session(committed_database, expire_on_commit=False) as session, session.begin():
        order = order_of(session, make_pizzeria(session))
        assert tail.read() == []
    assert tail.read() == [change_of(order)]
    assert tail.read() == []
    with Session(committed_database) as session, session.begin():
        touch(session, order)
    assert tail.read() == [change_of(order)]
    assert tail.read() == []


def test_what_was_there_before_is_not_new(committed_database, orders):
    assert Tail(committed_database).read() == []


def test_what_is_rolled_back_never_happened(committed_database, orders):
    tail = Tail(committed_database)
    with Session(committed_database) as session:
        touch(session, orders[0])
        session.rollback()
    assert tail.read() == []


def test_what_changes_no_page_is_not_told(committed_database, orders):
    tail = Tail(committed_database)
    with committed_database.begin() as connection:
        connection.execute(text("UPDATE orders SET network = NULL"))
    assert tail.read() == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_commit_that_comes_late_with_a_lower_id_is_not_lost(committed_database, orders):
    first, second, third = orders
    tail = Tail(committed_database)
    with Session(committed_database) as early, Session(committed_database) as late:
        touch(early, first)
        touch(late, second)
        late.commit()
        # Nor does the one that lasts keep it back.
        assert tail.read() == [change_of(second)]
        with Session(committed_database) as last, last.begin():
            touch(last, third)
        assert tail.read() == [change_of(third)]
        early.commit()
    assert tail.read() == [change_of(first)]
    assert tail.read() == []


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_one_that_began_before_the_tail_was_made_is_told_when_it_ends(committed_database, orders):
    with Session(committed_database) as session:
        touch(session, orders[0])
        tail = Tail(committed_database)
        assert tail.read() == []
        session.commit()
    assert tail.read() == [change_of(orders[0])]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_rows_of_another_server_are_not_told_again_and_again(committed_database, orders):
    """A restored copy: transactions are counted anew."""
    tail = Tail(committed_database)
    with committed_database.begin() as connection:
        values = {"transaction_id": 1 << 40, "restaurant_id": 1, "number": "AAAA-AAAA"}
        connection.execute(insert(LiveChange).values(at=datetime.now(UTC), **values))
    assert tail.read() == []
    assert tail.read() == []


def test_ids_go_on_though_rows_are_forgotten(committed_database, orders):
    tail = Tail(committed_database)
    with Session(committed_database) as session, session.begin():
        assert forget_changes(session, datetime.now(UTC) + timedelta(days=1)) == 2
    with Session(committed_database) as session, session.begin():
        touch(session, orders[0])
    assert tail.read() == [change_of(orders[0])]


def test_what_changed_lately_is_known_with_its_time(committed_database, orders):
    now = datetime.now(UTC)
    lately = dict(changed_lately(committed_database, now))
    assert set(lately) == {change_of(order) for order in orders}
    assert all(
        now - timedelta(minutes=5) < at <= now + timedelta(minutes=1) for at in lately.values()
    )
    assert list(changed_lately(committed_database, now + timedelta(minutes=11))) == []

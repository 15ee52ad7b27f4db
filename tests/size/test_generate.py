"""The generator of large databases: what it makes is what a shop would have written."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from databases import Databases
from factories import NOON
from ocpizza.db import Base
from ocpizza.models.mail import OutgoingMail
from ocpizza.models.order import Order
from ocpizza.models.restaurant import Restaurant
from ocpizza.operations.check import check
from ocpizza.services.order.number import normal_number
from schema import schema_of
from size.generate import Size, generate
from size.multiply import OWN, SHARED

RESTAURANTS, ORDERS = 50, 2_000


@pytest.fixture(scope="module")
def chain(databases: Databases) -> Iterator[Engine]:
    """A chain of two thousand orders, for tests that only look."""
    with databases.private("postgresql", migrated=False) as engine:
        assert generate(engine, Size(RESTAURANTS, ORDERS), NOON) > ORDERS / 2
        yield engine


@pytest.fixture
def session(chain: Engine) -> Iterator[Session]:
    with Session(chain) as session:
        yield session


def number_of(session: Session, table, *where) -> int:
    return session.scalar(select(func.count()).select_from(table).where(*where))


def test_everything_adds_up(session: Session):
    assert check(session) == []


def test_each_restaurant_has_its_share_of_the_orders(session: Session):
    assert number_of(session, Restaurant) == RESTAURANTS
    by_restaurant = select(func.count(Order.id)).group_by(Order.restaurant_id)
    counts = session.scalars(by_restaurant).all()
    assert len(counts) == RESTAURANTS
    assert ORDERS / 2 < sum(counts) < ORDERS * 2


def test_rows_lie_as_they_were_written_all_over_the_chain(session: Session):
    first = session.scalars(select(Order.restaurant_id).order_by(Order.id).limit(10)).all()
    assert len(set(first)) == 10
    moments = session.scalars(select(Order.placed_at).order_by(Order.id)).all()
    assert moments == sorted(moments)


def test_whatever_opens_something_is_each_orders_own(session: Session):
    orders = session.scalars(select(Order)).all()
    assert len({order.tracking_token for order in orders}) == len(orders)
    assert all(len(order.tracking_token) == 43 for order in orders)
    assert all(normal_number(order.number) == order.number for order in orders)


def test_an_orders_mail_is_known_by_its_order(session: Session):
    mails = session.scalars(select(OutgoingMail)).all()
    assert mails
    assert all(mail.dedupe_key == f"order-{mail.order_id}-{mail.kind}" for mail in mails)


def test_the_schema_is_as_before(chain: Engine, databases: Databases):
    with databases.private("postgresql") as migrated:
        schemas = []
        for engine in (chain, migrated):
            with engine.connect() as connection:
                schemas.append(schema_of(connection))
    assert schemas[0] == schemas[1]


def test_the_shop_goes_on_numbering_after_what_is_there(chain: Engine):
    for table in Base.metadata.sorted_tables:
        if "id" not in table.c or not table.c.id.autoincrement:
            continue
        with chain.connect() as connection:
            last = connection.scalar(select(func.max(table.c.id)))
            if isinstance(last, int):
                sequence = func.pg_get_serial_sequence(table.name, "id")
                assert connection.scalar(select(func.nextval(sequence))) > last


def test_restaurants_without_a_history_have_their_shelves(databases: Databases):
    with databases.private("postgresql", migrated=False) as engine:
        generate(engine, Size(20, 200, spread=False), NOON)
        with Session(engine) as session:
            assert number_of(session, Restaurant) == 20
            assert len(session.scalars(select(Order.restaurant_id).distinct()).all()) == 5
            assert check(session) == []


def test_every_table_and_column_that_is_named_is_there():
    assert Base.metadata.tables.keys() >= SHARED
    for name in OWN:
        table, column = name.split(".")
        assert column in Base.metadata.tables[table].c

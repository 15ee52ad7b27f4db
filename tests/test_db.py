"""Connections that the server closed are replaced before anybody notices."""

import select

import pytest
from sqlalchemy import text

from ocpizza.db import make_engine, read_only

CLOSE = text("SELECT pg_terminate_backend(:pid)")
WHO = text("SELECT pg_backend_pid()")


@pytest.fixture
def engine(committed_database):
    url = committed_database.url.render_as_string(hide_password=False)
    engine = make_engine(url, pool_size=2)
    yield engine
    engine.dispose()


def wait_for_the_end_of(driver_connection) -> None:
    poll = select.poll()
    poll.register(driver_connection.fileno(), select.POLLIN)
    assert poll.poll(5000), "the server did not close the connection"


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("reading", [False, True])
def test_a_connection_that_the_server_closed_is_replaced(engine, committed_database, reading):
    used = read_only(engine) if reading else engine
    with used.connect() as connection:
        before = connection.scalar(WHO)
        driver_connection = connection.connection.driver_connection
    with committed_database.connect() as other:
        assert other.scalar(CLOSE, {"pid": before})
    wait_for_the_end_of(driver_connection)
    with used.connect() as connection:
        assert connection.scalar(WHO) != before

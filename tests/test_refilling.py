"""When a PostgreSQL database may be used again: nothing but rows changed, nobody is in it."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

import refilling
from factories import make_account
from ocpizza.db import make_engine
from refilling import is_left_alone, schema_of

pytestmark = pytest.mark.parametrize("backend", ["postgresql"])


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE account DISABLE TRIGGER ALL",
        "ALTER SEQUENCE account_id_seq INCREMENT 7",
        "CREATE FUNCTION more() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "GRANT SELECT ON account TO PUBLIC",
        "CREATE SCHEMA more",
        "ANALYZE account",
        "DO $$ BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET jit = off'; END $$",
    ],
)
def test_whatever_is_altered_is_noticed(committed_database: Engine, change):
    with Session(committed_database) as session, session.begin():
        make_account(session)
    before = schema_of(committed_database)
    with committed_database.begin() as connection:
        connection.exec_driver_sql(change)
    assert schema_of(committed_database) != before


def test_whoever_is_still_connected_is_noticed(committed_database: Engine, monkeypatch):
    monkeypatch.setattr(refilling, "PATIENCE", 0.1)
    assert is_left_alone(committed_database)
    url = committed_database.url.render_as_string(hide_password=False)
    somebody = make_engine(url, 1)
    with somebody.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        committed_database.dispose()
        assert not is_left_alone(committed_database)
    somebody.dispose()


def test_much_is_noticed(committed_database: Engine, monkeypatch):
    monkeypatch.setattr(refilling, "MUCH", 0)
    assert not is_left_alone(committed_database)

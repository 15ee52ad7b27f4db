"""SQL components: one transaction, once, and the schema stays what it is."""

from datetime import UTC, datetime
from pathlib import PurePosixPath

import pytest
from sqlalchemy import inspect, select, text

from factories import make_pizzeria
from ocpizza.models.product import Product
from ocpizza.operations.update.change_content import (
    applied_before,
    belongs,
    note_change,
    run_scripts,
)
from ocpizza.operations.update.errors import UpdateError

NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
RENAME = "UPDATE product SET name = name || ' bis';\n"


@pytest.fixture
def shop(committed_database):
    from sqlalchemy.orm import Session

    with Session(committed_database) as session, session.begin():
        make_pizzeria(session)
        note_change(session.connection(), "common/noted.psql", b"", "0", NOW)
    return committed_database


def names(engine) -> list[str]:
    with engine.connect() as connection:
        return sorted(connection.scalars(select(Product.name)))


def run(engine, *scripts: str) -> list[str]:
    with engine.begin() as connection:
        return run_scripts(
            connection,
            {PurePosixPath(f"common/{n}.psql"): each.encode() for n, each in enumerate(scripts, 1)},
        )


def test_content_changes_and_nothing_else(shop):
    before = names(shop)
    run(shop, "-- all of them; each\n" + RENAME + "UPDATE product SET available = available;")
    assert names(shop) == [f"{name} bis" for name in before]


def test_statements_see_what_those_before_them_did(shop):
    before = names(shop)
    temporary = "CREATE TEMPORARY TABLE moved AS SELECT name FROM product;" if is_pg(shop) else ""
    run(shop, temporary + RENAME + "UPDATE product SET name = replace(name, ' bis', '; ter');")
    assert names(shop) == [f"{name}; ter" for name in before]


def test_each_says_how_many_rows_it_changed(shop):
    count = len(names(shop))
    everything = RENAME + "UPDATE product SET name = replace(name, ' bis', '');"
    one = "UPDATE restaurant SET phone = phone WHERE code = 'city_001';"
    nothing = "UPDATE product SET available = available WHERE id < 0; SELECT 1;"
    assert run(shop, everything, one, nothing) == [
        f"common/1.psql: {2 * count} rows changed",
        "common/2.psql: 1 row changed",
        "common/3.psql: no rows changed",
    ]


def is_pg(engine) -> bool:
    return engine.dialect.name == "postgresql"


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("\n\nSELECT * FROM nowhere;", "nowhere"),
        ("\\set x 1\n", ""),
        ("UPDATE product SET", ""),
        ("UPDATE product_size SET price_cents = -1;", ""),
        ("COMMIT;", ""),
        ("END;", ""),
        ("ROLLBACK;", ""),
        ("BEGIN;", ""),
        ("SAVEPOINT a;", ""),
        ("ALTER TABLE product ADD COLUMN spicy integer;", "changes the "),
        ("CREATE TABLE mine (id integer);", "changes the "),
        ("DROP TABLE restaurant_price;", "changes the "),
        ("UPDATE alembic_version SET version_num = '0001';", "changes the row 00"),
        ("DELETE FROM content_change;", "changes the row common/noted.psql of content_change"),
        ("DELETE FROM schema_served;", "changes the row "),
        ("DROP INDEX ix_content_change_release;", "changes the index"),
        ("CREATE UNIQUE INDEX mine ON product (id);", "changes the index mine of product"),
    ],
)
def test_what_fails_or_does_more_changes_nothing(shop, script, said):
    before, tables = names(shop), set(inspect(shop).get_table_names())
    for after in ("", RENAME):
        with pytest.raises(UpdateError) as refused:
            run(shop, RENAME, RENAME + script + after)
        (line,) = refused.value.args
        assert line.startswith("common/2.psql")
        assert said in line
        assert "\n" not in line
    assert names(shop) == before
    assert set(inspect(shop).get_table_names()) == tables


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    "script",
    [
        "ALTER TABLE lookup_count SET UNLOGGED;",
        "ALTER TABLE product ENABLE ROW LEVEL SECURITY;",
        "ALTER TABLE product FORCE ROW LEVEL SECURITY;",
        "ALTER TABLE product REPLICA IDENTITY NOTHING;",
        "ALTER TABLE product SET (autovacuum_enabled = off);",
        "CREATE RULE none AS ON INSERT TO product DO INSTEAD NOTHING;",
        "CREATE POLICY none ON product;",
        "REVOKE INSERT ON product FROM CURRENT_USER;",
        "GRANT SELECT ON account TO PUBLIC;",
        "ALTER ROLE CURRENT_USER SET statement_timeout = '1ms';",
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;",
        "ALTER SEQUENCE product_id_seq INCREMENT BY -1;",
        "CREATE SCHEMA other;",
        "CREATE TYPE mine AS ENUM ('a');",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1';",
        "ALTER TABLE product DISABLE TRIGGER ALL;",
        "CREATE TEMPORARY TABLE pg_class (relname text); CREATE TABLE mine (id int);",
    ],
)
def test_whatever_else_a_table_is_stays_as_it_is(shop, script):
    before = names(shop)
    with pytest.raises(UpdateError, match=r"^common/2.psql changes the \w+ .* content alone may"):
        run(shop, RENAME, script)
    assert names(shop) == before


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_line_of_the_mistake_is_told(shop):
    with pytest.raises(UpdateError, match=r"^common/1.psql, line 3: .*nowhere"):
        run(shop, RENAME + "\nSELECT * FROM nowhere;")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_sqlite_reaches_no_other_file(shop, tmp_path):
    for script in (f"ATTACH '{tmp_path / 'other.db'}' AS o;", "PRAGMA foreign_keys = off;"):
        with pytest.raises(UpdateError, match="not authorized"):
            run(shop, script)
    with shop.begin() as connection:
        # Whoever uses the connection next may do all again.
        connection.execute(text("SAVEPOINT a"))


def test_what_was_run_is_known_by_its_content_whoever_runs_it(shop):
    with shop.begin() as connection:
        assert applied_before(connection, b"a") is None
        note_change(connection, "common/a.psql", b"a", "20260304_050600_000000", NOW)
        assert applied_before(connection, b"a") == NOW
        assert applied_before(connection, b"b") is None
        assert belongs(connection, "20260304_050600_000000")
        assert not belongs(connection, "20260304_050600_000001")


def test_what_is_run_again_belongs_to_the_newer_release(shop):
    with shop.begin() as connection:
        for release in ("1", "2"):
            note_change(connection, "common/a.psql", b"a", release, NOW)
        assert not belongs(connection, "1")
        assert belongs(connection, "2")

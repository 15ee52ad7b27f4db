"""SQL components: what they change, in one transaction, once, and never what a table looks like."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection, delete, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from ocpizza.db import reason
from ocpizza.models.content_change import ContentChange
from ocpizza.operations.update.errors import UpdateError

# A block's EXECUTE refuses COMMIT, ROLLBACK and whatever else would leave the transaction.
RUN = text("DO $$ BEGIN EXECUTE current_setting('ocpizza.component'); END $$")
PREPARE = text("SELECT set_config('ocpizza.component', :script, true)")
PATIENCE = text("SET LOCAL statement_timeout = '15min'")
# Everything that the schema is made of, in one order.
POSTGRESQL_SCHEMA = text("""
SELECT 'column', c.oid::regclass::text, a.attname::text,
       concat_ws(' ', format_type(a.atttypid, a.atttypmod), a.attnotnull,
                 pg_get_expr(d.adbin, d.adrelid))
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind NOT IN ('i', 'I')
   AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', conrelid::regclass::text, conname::text, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
UNION ALL
SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid)
  FROM pg_index JOIN pg_class i ON i.oid = indexrelid
 WHERE i.relnamespace = current_schema()::regnamespace
UNION ALL
SELECT 'trigger', tgrelid::regclass::text, tgname::text, concat(pg_get_triggerdef(t.oid), tgenabled)
  FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
 WHERE c.relnamespace = current_schema()::regnamespace AND NOT tgisinternal
UNION ALL
SELECT 'function', proname::text, oid::text, prosrc
  FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
""")
SQLITE_SCHEMA = text("SELECT type, tbl_name, name, sql FROM sqlite_master")
# What would end the transaction, or reach another file.
SQLITE_REFUSED = (
    sqlite3.SQLITE_TRANSACTION,
    sqlite3.SQLITE_SAVEPOINT,
    sqlite3.SQLITE_ATTACH,
    sqlite3.SQLITE_DETACH,
    sqlite3.SQLITE_PRAGMA,
)


def applied_before(connection: Connection, content: bytes) -> datetime | None:
    """Return when this very SQL was run, by whichever host and under whatever name."""
    when = select(ContentChange.applied_at).where(ContentChange.sha256 == _digest(content))
    return connection.scalar(when)


def belongs(connection: Connection, release: str) -> bool:
    """Return whether the database was changed for this release."""
    changed = select(ContentChange.sha256).where(ContentChange.release == release)
    return connection.scalar(changed.limit(1)) is not None


def note_change(
    connection: Connection, address: str, content: bytes, release: str, now: datetime
) -> None:
    """Have the database say that it is as this release wants it."""
    values = {"sha256": _digest(content), "address": address}
    connection.execute(delete(ContentChange).where(ContentChange.sha256 == values["sha256"]))
    connection.execute(insert(ContentChange).values(release=release, applied_at=now, **values))


def run_scripts(connection: Connection, scripts: Mapping[PurePosixPath, bytes]) -> None:
    """Run SQL components in their order. Raises UpdateError, and the caller rolls back."""
    before = _schema(connection)
    for target, content in scripts.items():
        try:
            if connection.dialect.name == "postgresql":
                _run_on_postgresql(connection, content.decode())
            else:
                _run_on_sqlite(connection, content.decode())
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise UpdateError(f"{target}{_line(error)}: {reason(error)}") from error
        if changed := before ^ _schema(connection):
            kind, table, name, _ = min(changed)
            raise UpdateError(
                f"{target} changes the {kind} {name} of {table}: content alone may change"
            )


def _run_on_postgresql(connection: Connection, script: str) -> None:
    connection.execute(PATIENCE)
    connection.execute(PREPARE, {"script": script})
    connection.execute(RUN)


def _run_on_sqlite(connection: Connection, script: str) -> None:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    with _no_transaction_of_its_own(driver):
        for statement in _statements(script):
            driver.execute(statement)


def _statements(script: str) -> Iterator[str]:
    """Give one statement after the other: within a transaction the driver runs no more at once."""
    pending = ""
    for part in re.split(r"(?<=;)", script):
        pending += part
        if sqlite3.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        yield pending


@contextmanager
def _no_transaction_of_its_own(driver: sqlite3.Connection) -> Iterator[None]:
    def judge(action: int, *_: Any) -> int:
        return sqlite3.SQLITE_DENY if action in SQLITE_REFUSED else sqlite3.SQLITE_OK

    driver.set_authorizer(judge)
    try:
        yield
    finally:
        driver.set_authorizer(None)


def _schema(connection: Connection) -> set[tuple[Any, ...]]:
    schema = POSTGRESQL_SCHEMA if connection.dialect.name == "postgresql" else SQLITE_SCHEMA
    return {tuple(row) for row in connection.execute(schema)}


def _line(error: Exception) -> str:
    """Return « , line 3 » where the database tells."""
    diagnosis = getattr(getattr(error, "orig", None), "diag", None)
    position, query = (
        getattr(diagnosis, "internal_position", None),
        getattr(diagnosis, "internal_query", None),
    )
    return f", line {query.count(chr(10), 0, int(position) - 1) + 1}" if position and query else ""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()

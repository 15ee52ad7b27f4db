"""SQL components: what they change, in one transaction, once, and never what a table looks like."""

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sqlalchemy import Connection, Select, column, delete, insert, literal, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from ocpizza.db import reason
from ocpizza.models.content_change import ContentChange
from ocpizza.models.schema_served import SchemaServed
from ocpizza.operations.update.errors import UpdateError

# A block's EXECUTE refuses COMMIT, ROLLBACK and whatever else would leave the transaction.
RUN = text("DO $$ BEGIN EXECUTE current_setting('ocpizza.component'); END $$")
PREPARE = text("SELECT set_config('ocpizza.component', :script, true)")
PATIENCE = text("SET LOCAL statement_timeout = '15min'")
# Everything that the schema is made of, and what a role or a database is told to do at each start.
# By its whole name, for a temporary table may have the name of a catalogue's.
POSTGRESQL_SCHEMA = text("""
WITH ours AS (
  SELECT * FROM pg_catalog.pg_class WHERE relnamespace = current_schema()::regnamespace
)
SELECT 'table', relname::text, relname::text,
       concat_ws(' ', relkind, relpersistence, relrowsecurity, relforcerowsecurity, relreplident,
                 reloptions, relacl, relowner)
  FROM ours WHERE relkind NOT IN ('i', 'I')
UNION ALL
SELECT 'column', c.relname::text, a.attname::text,
       concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attacl,
                 pg_catalog.pg_get_expr(d.adbin, d.adrelid))
  FROM ours c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
 WHERE c.relkind NOT IN ('i', 'I') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint', c.relname::text, k.conname::text, pg_catalog.pg_get_constraintdef(k.oid)
  FROM pg_catalog.pg_constraint k JOIN ours c ON c.oid = k.conrelid
UNION ALL
SELECT 'index', t.relname::text, i.relname::text, pg_catalog.pg_get_indexdef(i.oid)
  FROM pg_catalog.pg_index x JOIN ours i ON i.oid = x.indexrelid JOIN ours t ON t.oid = x.indrelid
UNION ALL
SELECT 'trigger', c.relname::text, t.tgname::text,
       concat(pg_catalog.pg_get_triggerdef(t.oid), t.tgenabled)
  FROM pg_catalog.pg_trigger t JOIN ours c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
SELECT 'rule', c.relname::text, r.rulename::text, pg_catalog.pg_get_ruledef(r.oid)
  FROM pg_catalog.pg_rewrite r JOIN ours c ON c.oid = r.ev_class
UNION ALL
SELECT 'policy', c.relname::text, p.polname::text, p.polcmd::text
  FROM pg_catalog.pg_policy p JOIN ours c ON c.oid = p.polrelid
UNION ALL
SELECT 'sequence', c.relname::text, c.relname::text,
       concat_ws(' ', s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
  FROM pg_catalog.pg_sequence s JOIN ours c ON c.oid = s.seqrelid
UNION ALL
SELECT 'function', 'pg_proc', p.oid::regprocedure::text, p.prosrc
  FROM pg_catalog.pg_proc p WHERE p.pronamespace = current_schema()::regnamespace
UNION ALL
SELECT 'type', 'pg_type', t.typname::text, t.typtype::text
  FROM pg_catalog.pg_type t WHERE t.typnamespace = current_schema()::regnamespace
UNION ALL
SELECT 'schema', 'pg_namespace', n.nspname::text, concat_ws(' ', n.nspowner, n.nspacl)
  FROM pg_catalog.pg_namespace n WHERE n.nspname !~ '^pg_'
UNION ALL
SELECT 'setting', 'pg_db_role_setting', s.setrole::text, s.setconfig::text
  FROM pg_catalog.pg_db_role_setting s
UNION ALL
SELECT 'privilege', 'pg_default_acl', a.oid::text, a.defaclacl::text
  FROM pg_catalog.pg_default_acl a
""")
# Which a server counts as long as track_counts is on, as it has to be for autovacuum; without the
# one that our triggers write.
POSTGRESQL_ROWS = text(
    "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_catalog.pg_stat_xact_user_tables "
    "WHERE relname <> 'catalogue_state'"
)
SQLITE_SCHEMA = text("SELECT type, tbl_name, name, sql FROM sqlite_master")
# What the program believes of the database: no component tells it otherwise.
ROW, NOTHING = literal("row"), literal("")
BELIEVED: tuple[Select[*tuple[Any, ...]], ...] = (
    select(ROW, literal("alembic_version"), column("version_num"), NOTHING).select_from(
        table("alembic_version")
    ),
    select(ROW, literal("schema_served"), SchemaServed.revision, NOTHING),
    select(ROW, literal("content_change"), ContentChange.address, ContentChange.sha256),
)
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


def run_scripts(connection: Connection, scripts: Mapping[PurePosixPath, bytes]) -> list[str]:
    """Run SQL components in their order, and return how many rows each changed.

    Raises UpdateError, and the caller rolls back.
    """
    before, said = _schema(connection), []
    for target, content in scripts.items():
        try:
            if connection.dialect.name == "postgresql":
                rows = _run_on_postgresql(connection, content.decode())
            else:
                rows = _run_on_sqlite(connection, content.decode())
        except (SQLAlchemyError, sqlite3.Error) as error:
            raise UpdateError(f"{target}{_line(error)}: {reason(error)}") from error
        if changed := before ^ _schema(connection):
            kind, table, name, _ = min(changed)
            raise UpdateError(
                f"{target} changes the {kind} {name} of {table}: content alone may change"
            )
        said.append(f"{target}: {_told(rows)} changed")
    return said


def _told(rows: int) -> str:
    return "1 row" if rows == 1 else f"{rows or 'no'} rows"


def _run_on_postgresql(connection: Connection, script: str) -> int:
    """Return how many rows it changed."""
    connection.execute(PATIENCE)
    connection.execute(PREPARE, {"script": script})
    before = connection.scalar(POSTGRESQL_ROWS) or 0
    connection.execute(RUN)
    return int((connection.scalar(POSTGRESQL_ROWS) or 0) - before)


def _run_on_sqlite(connection: Connection, script: str) -> int:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    with _no_transaction_of_its_own(driver):
        # -1 where there is nothing to count.
        return sum(max(driver.execute(each).rowcount, 0) for each in _statements(script))


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
    made = {tuple(row) for row in connection.execute(schema)}
    return made.union(tuple(row) for each in BELIEVED for row in connection.execute(each))


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

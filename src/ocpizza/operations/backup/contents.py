"""What tables hold, in a form that is the same on every server: rows counted, and a digest."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, String, inspect

from ocpizza.operations.backup.driver import told
from ocpizza.operations.backup.manifest import Table
from ocpizza.operations.backup.stages import Stages

# How PostgreSQL writes values, whatever the role or the server is set to.
PLAIN = (
    "SET LOCAL datestyle = 'ISO, YMD'",
    "SET LOCAL intervalstyle = 'postgres'",
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
)


def contents(connection: Connection, stages: Stages) -> dict[str, Table]:
    """Return what each table of a database holds, as the connection's transaction sees it."""
    postgresql = connection.dialect.name == "postgresql"
    if postgresql:
        for setting in PLAIN:
            connection.exec_driver_sql(setting)
    inspector = inspect(connection)
    names = sorted(inspector.get_table_names())
    read = _postgresql_rows if postgresql else _sqlite_rows
    with stages.stage("count and digest the rows", len(names)) as advance, told(connection):
        found = {}
        for name in names:
            found[name] = _digest(read(connection, _query(inspector, name, postgresql)))
            advance()
    return found


def differences(said: dict[str, Table], found: dict[str, Table]) -> list[str]:
    """One line for each table that does not hold what was said."""
    return [
        f"table {name}: {_words(found.get(name))}, the manifest says {_words(said.get(name))}"
        for name in sorted(said.keys() | found.keys())
        if said.get(name) != found.get(name)
    ]


def _words(table: Table | None) -> str:
    return f"{table.rows} rows ({table.sha256[:12]})" if table else "absent"


def _digest(rows: Iterable[bytes]) -> Table:
    count, digest = 0, hashlib.sha256()
    for row in rows:
        digest.update(row)
        count += 1
    return Table(count, digest.hexdigest())


def _query(inspector: Any, name: str, postgresql: bool) -> str:
    """Every row, in an order that no collation changes."""
    quote: Callable[[str], str] = inspector.bind.dialect.identifier_preparer.quote
    columns = {column["name"]: column["type"] for column in inspector.get_columns(name)}
    keys = inspector.get_pk_constraint(name)["constrained_columns"] or list(columns)

    def key(column: str) -> str:
        collated = postgresql and isinstance(columns[column], String)
        return quote(column) + (' COLLATE "C"' if collated else "")

    order = ", ".join(map(key, keys))
    return f"SELECT {', '.join(map(quote, columns))} FROM {quote(name)} ORDER BY {order}"  # noqa: S608


def _postgresql_rows(connection: Connection, query: str) -> Iterator[bytes]:
    cursor = connection.connection.cursor()
    with cursor.copy(f"COPY ({query}) TO STDOUT") as copy:
        yield from copy


def _sqlite_rows(connection: Connection, query: str) -> Iterator[bytes]:
    cursor = connection.connection.cursor()
    cursor.execute(query)
    while row := cursor.fetchone():
        yield repr(row).encode()

"""Restore a PostgreSQL database beside the live one: in another schema, in one transaction.

The live schema is renamed, the dump makes its own anew, and nobody sees either before the commit:
whatever fails or is killed before it was never there. It needs no right but those of the shop's own
role in its own database, wherever that is.
"""

import re
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import ProgrammingError

from ocpizza.db import reason
from ocpizza.operations.backup.beside import Beside
from ocpizza.operations.backup.clients import converting, program
from ocpizza.operations.backup.driver import told
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.reading import Archive
from ocpizza.operations.backup.stages import Stages

PREVIOUS = "ocpizza_previous_"
COPY = re.compile(rb"COPY .* FROM stdin;\n")
END = b"\\.\n"
# What the newest pg_restore tells psql, which is not there, or servers that are as new.
NOT_FOR_US = re.compile(rb"\\(un)?restrict \w+\n|SET transaction_timeout = 0;\n")
ROWS = 1000
PATIENCE = 5  # seconds
EXTENSIONS = (
    "SELECT extname FROM pg_extension WHERE extnamespace = current_schema()::regnamespace LIMIT 1"
)
OTHERS = (
    "SELECT usename, count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND usename IS NOT NULL"
    # Of another role's sessions nobody is told what kind they are.
    " AND coalesce(backend_type, 'client backend') = 'client backend' GROUP BY usename"
)
KEPT = "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, %s) ORDER BY nspname"


@contextmanager
def beside(engine: Engine, archive: Archive, stamp: str, stages: Stages) -> Iterator[Beside]:
    """Restore an archive; its transaction ends with a swap, or leaves nothing.

    What the swap replaces is kept under the `stamp`, even if that is nothing.
    """
    with engine.execution_options(isolation_level="READ COMMITTED").connect() as connection:
        live = _schema(connection)
        _refuse_older_server(connection, archive.manifest.server)
        _refuse_extensions(connection)
        previous = PREVIOUS + stamp
        try:
            _rename(connection, live, previous)
        except ProgrammingError as error:
            raise _not_the_owner(connection, live, reason(error)) from error
        length = len(archive.manifest.tables)
        with stages.stage("load the database", length) as advance, told(connection):
            _load(connection, archive, advance)
        # The script of a dump changes how its session works.
        connection.exec_driver_sql("RESET ALL")
        if archive.manifest.schema != live:
            _rename(connection, archive.manifest.schema, live)
        # A dump brings no statistics: without them every plan is a guess.
        if tables := _tables(connection, live):
            connection.exec_driver_sql(f"ANALYZE {', '.join(tables)}")
        yield Beside(
            connection,
            lambda: _replaced(connection, previous, live),
            lambda: _refuse_users(connection, previous),
            lambda: _swap(connection, previous),
        )


def forget_previous(engine: Engine) -> list[str]:
    """Drop what restorations replaced; return what it was called."""
    with engine.begin() as connection:
        names = list(connection.exec_driver_sql(KEPT, (PREVIOUS,)).scalars())
        for name in names:
            connection.exec_driver_sql(f"DROP SCHEMA {_quoted(connection, name)} CASCADE")
    return names


def swapped(engine: Engine, stamp: str) -> bool:
    """Whether a restoration with this stamp took over, and what it replaced is kept."""
    with engine.connect() as connection:
        return PREVIOUS + stamp in connection.exec_driver_sql(KEPT, (PREVIOUS,)).scalars()


def _refuse_users(connection: Connection, previous: str) -> None:
    """Raises BackupError while anybody else uses the database, from whichever host."""
    # A process of the server ends a moment after its client.
    deadline = time.monotonic() + PATIENCE
    while (found := _others(connection)) and time.monotonic() < deadline:
        time.sleep(0.1)
    if found:
        users = ", ".join(f"{user} ({count})" for user, count in found)
        raise BackupError(
            f"the database is in use by {users}: stop the site on every host that uses it "
            "(systemctl stop ocpizza), or restore with --stop"
        )
    # Whoever comes now waits, and finds the new tables.
    if tables := _tables(connection, previous):
        connection.exec_driver_sql(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")


def _others(connection: Connection) -> Sequence[Any]:
    # A transaction would see the same again and again.
    connection.exec_driver_sql("SELECT pg_stat_clear_snapshot()")
    return connection.exec_driver_sql(OTHERS).all()


@contextmanager
def _looking_at(connection: Connection, previous: str, live: str) -> Iterator[Connection | None]:
    """The same connection, which sees what the swap replaces meanwhile."""
    if not _tables(connection, previous):
        yield None
        return
    connection.exec_driver_sql(f"SET LOCAL search_path = {_quoted(connection, previous)}")
    try:
        yield connection
    finally:
        # Whatever was wrong with what was seen: what is done next is done to what was restored.
        if not connection.invalidated:
            connection.exec_driver_sql(f"SET LOCAL search_path = {_quoted(connection, live)}")


def _replaced(
    connection: Connection, previous: str, live: str
) -> Iterator[AbstractContextManager[Connection | None]]:
    kept = connection.exec_driver_sql(KEPT, (PREVIOUS,)).scalars().all()
    for name in (previous, *(name for name in kept if name != previous)):
        yield _looking_at(connection, name, live)


def _swap(connection: Connection, previous: str) -> str:
    connection.commit()
    return f"schema {previous}"


def _tables(connection: Connection, schema: str) -> list[str]:
    names = inspect(connection).get_table_names(schema=schema)
    return [f"{_quoted(connection, schema)}.{_quoted(connection, name)}" for name in names]


def _schema(connection: Connection) -> str:
    schema: str | None = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
    if schema is None:
        there = "SELECT to_regnamespace('public') IS NOT NULL"
        if connection.exec_driver_sql(there).scalar_one():
            # Made again by an administrator, as their own.
            raise _not_the_owner(connection, "public", "it may not use it")
        raise BackupError("the database has no schema public: CREATE SCHEMA public")
    return schema


def _not_the_owner(connection: Connection, schema: str, why: str) -> BackupError:
    owner = connection.connection.driver_connection.info.user  # type: ignore[union-attr]
    return BackupError(
        f"the role {owner} must own schema {schema}: ALTER SCHEMA {schema} OWNER TO {owner}, "
        f"and may CREATE in the database ({why})"
    )


def _refuse_older_server(connection: Connection, archived: str) -> None:
    here = connection.exec_driver_sql("SHOW server_version").scalar_one().split()[0]
    if int(archived.split(".")[0]) > int(here.split(".")[0]):
        raise BackupError(
            f"the archive comes from PostgreSQL {archived}, this server is {here}: "
            "install a newer one"
        )


def _refuse_extensions(connection: Connection) -> None:
    """One of the shop's schema would go with what was replaced."""
    name = connection.exec_driver_sql(EXTENSIONS).scalar()
    if name is not None:
        raise BackupError(
            f"the extension {name} is in the shop's own schema: move it first "
            f"(CREATE SCHEMA extensions; ALTER EXTENSION {name} SET SCHEMA extensions)"
        )


def _rename(connection: Connection, schema: str, name: str) -> None:
    quoted = (_quoted(connection, each) for each in (schema, name))
    connection.exec_driver_sql("ALTER SCHEMA {} RENAME TO {}".format(*quoted))


def _quoted(connection: Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _load(connection: Connection, archive: Archive, advance: Any) -> None:
    cursor = connection.connection.cursor()
    command = [program("pg_restore"), "--no-owner", "--no-privileges", "--file=-"]
    with converting(command, archive.chunks(archive.database)) as script:
        _run_script(cursor, script, advance)


def _run_script(cursor: Any, lines: Iterable[bytes], advance: Any) -> None:
    """Run what pg_restore wrote, as psql would, in our transaction."""
    statements = bytearray()
    lines = iter(lines)
    for line in lines:
        if COPY.fullmatch(line):
            _run(cursor, statements)
            with cursor.copy(line.decode()) as copy:
                for rows in _rows(lines):
                    copy.write(rows)
            advance()
        elif not NOT_FOR_US.fullmatch(line):
            statements += line
    _run(cursor, statements)


def _run(cursor: Any, statements: bytearray) -> None:
    if statements.strip():
        cursor.execute(bytes(statements))
    statements.clear()


def _rows(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The data of one COPY, many rows at a time."""
    block: list[bytes] = []
    for line in chain(lines, [b""]):
        if line == END:
            break
        if not line:
            raise BackupError("the dump in the archive is cut: take another archive")
        block.append(line)
        if len(block) == ROWS:
            yield b"".join(block)
            block = []
    yield b"".join(block)

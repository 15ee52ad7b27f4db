"""Read a PostgreSQL database as of one moment: pg_dump and our own look share a snapshot."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from ocpizza.db import snapshot
from ocpizza.operations.backup.clients import program, running, whereabouts
from ocpizza.operations.backup.moment import Moment
from ocpizza.operations.backup.reading import CHUNK


@contextmanager
def moment(engine: Engine) -> Iterator[Moment]:
    """The database as it is now, however long the reading takes; writers do not wait."""
    with snapshot(engine).connect() as connection:
        ask = connection.exec_driver_sql
        # It is the first statement that fixes the moment.
        name = ask("SELECT pg_export_snapshot()").scalar_one()
        schema = ask("SELECT current_schema()").scalar_one()
        yield Moment(
            connection=connection,
            at=ask("SELECT transaction_timestamp()").scalar_one(),
            server=ask("SHOW server_version").scalar_one().split()[0],
            schema=schema,
            chunks=_dump(connection, name, schema),
        )


def _dump(connection: Connection, snapshot_name: str, schema: str) -> Iterator[bytes]:
    # Only the shop's own schema: what a restoration replaced may lie in another one.
    quoted = '"' + schema.replace('"', '""') + '"'
    options = ["--format=custom", "--no-owner", "--no-privileges", "--no-password"]
    command = [program("pg_dump"), *options, f"--schema={quoted}", f"--snapshot={snapshot_name}"]
    with running(command, whereabouts(connection)) as (_, stdout):
        while chunk := stdout.read(CHUNK):
            yield chunk

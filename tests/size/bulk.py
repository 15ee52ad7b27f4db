"""Tables filled without their indexes and keys, which are made again over all their rows."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

Told = Callable[[str], None]
# Of this moment's connection alone.
QUICK = (
    "SET session_replication_role = replica",
    "SET synchronous_commit = off",
    "SET maintenance_work_mem = '256MB'",
    "SET work_mem = '64MB'",
    "SET max_parallel_workers_per_gather = 0",
    "SET max_parallel_maintenance_workers = 0",
)
CONSTRAINTS = """
SELECT quote_ident(t.relname), quote_ident(c.conname), pg_get_constraintdef(c.oid)
FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
WHERE t.relnamespace = CAST('public' AS regnamespace)
    AND (c.contype = 'f' OR c.contype IN ('p', 'u') AND t.relname = ANY (:tables))
ORDER BY c.contype = 'f', t.relname, c.conname
"""
INDEXES = """
SELECT quote_ident(t.relname), quote_ident(i.relname), pg_get_indexdef(i.oid)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE t.relnamespace = CAST('public' AS regnamespace) AND t.relname = ANY (:tables)
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.oid AND c.contype <> 'f')
ORDER BY t.relname, i.relname
"""


@contextmanager
def bare(connection: Connection, tables: Collection[str], told: Told) -> Iterator[None]:
    """Tables without triggers, indexes and keys while the block runs; CHECKs hold all the time."""
    for statement in QUICK:
        connection.execute(text(statement))
    # Those that refer to others are last: made last, gone first.
    keys = _found(connection, CONSTRAINTS, tables)
    indexes = _found(connection, INDEXES, tables)
    for table, name, _ in reversed(keys):
        connection.execute(text(f"ALTER TABLE {table} DROP CONSTRAINT {name}"))
    for _, name, _ in indexes:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    for _, name, definition in indexes:
        told(f"index {name}")
        connection.exec_driver_sql(definition)
    for table, name, definition in keys:
        told(f"key {name}")
        connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _found(
    connection: Connection, query: str, tables: Collection[str]
) -> list[tuple[str, str, str]]:
    return [tuple(row) for row in connection.execute(text(query), {"tables": [*tables]})]

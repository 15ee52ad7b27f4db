"""What we ask of the database by its driver itself, which SQLAlchemy does not hear."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from ocpizza.operations.backup.errors import BackupError

SQLITE_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR)
# Classes of SQLSTATE: errors of the system it runs on, and internal ones, damaged pages among them.
POSTGRESQL_DAMAGE = ("58", "XX")


@contextmanager
def told(connection: Connection) -> Iterator[None]:
    """What it complains about is one line, and a connection that broke is not used again."""
    try:
        yield
    except connection.dialect.loaded_dbapi.Error as error:
        broken = connection.connection.dbapi_connection
        if connection.dialect.is_disconnect(error, broken, None):
            connection.invalidate(error)
        said = str(error).strip().splitlines() or [type(error).__name__]
        raise BackupError(f"the database says: {said[0]}") from error


def is_damage(error: DatabaseError) -> bool:
    """Whether a database cannot be read for what is in its files; else it may be another time."""
    code = getattr(error.orig, "sqlite_errorcode", 0) & 0xFF
    state = getattr(error.orig, "sqlstate", None) or ""
    return code in SQLITE_DAMAGE or state.startswith(POSTGRESQL_DAMAGE)

"""What we ask of the database by its driver itself, which SQLAlchemy does not hear."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from ocpizza.operations.backup.errors import BackupError


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

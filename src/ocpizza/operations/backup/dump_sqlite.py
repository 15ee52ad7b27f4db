"""Read an SQLite database as of one moment: a copy that nobody writes to, by its own means."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from ocpizza.db import make_engine, read_only
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.moment import Moment
from ocpizza.operations.backup.reading import CHUNK


@contextmanager
def moment(engine: Engine, folder: Path) -> Iterator[Moment]:
    """The database as it is now; `folder` has room for a copy of it."""
    copy = folder / ".database.partial"
    remove(copy)
    copy.touch(0o600)
    try:
        at = datetime.now(UTC)
        _copy(file_of(engine), copy)
        copied = make_engine(f"sqlite:///{copy}")
        try:
            with read_only(copied).connect() as connection:
                yield Moment(connection, at, sqlite3.sqlite_version, "main", _chunks(copy))
        finally:
            copied.dispose()
    finally:
        remove(copy)


def file_of(engine: Engine) -> Path:
    """The file of a database. Raises BackupError where it is in memory only."""
    if not engine.url.database or engine.url.database == ":memory:":
        raise BackupError("a database in memory cannot be saved: name a file in database.url")
    return Path(engine.url.database).absolute()


def remove(file: Path) -> None:
    """A database's file, and what SQLite keeps beside it."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + suffix).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    try:
        with (
            _open(f"file:{source}?mode=rw", uri=True) as live,
            _open(str(target)) as copy,
        ):
            live.backup(copy)
            # One file, with nothing beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise BackupError(f"cannot copy {source} to {target.parent}: {error}") from error


@contextmanager
def _open(path: str, uri: bool = False) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path, uri=uri, timeout=30)
    try:
        yield connection
    finally:
        connection.close()


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk

"""The production database: read as of one moment, never written to, and not our own."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from ocpizza import hurry
from ocpizza.db import reason, snapshot
from ocpizza.operations.cyclic_update.parts import PartFailed
from ocpizza.operations.migrate import current_revision, head_revision, serves
from ocpizza.services.refresh.content import Content, read_content
from ocpizza.settings import Settings

# What the server itself gives up; a server that is silent is given up by `hurry`.
OPTIONS = (
    "-c timezone=UTC -c default_transaction_read_only=on -c statement_timeout=30s"
    " -c lock_timeout=10s -c jit=off"
)
ARGUMENTS = hurry.ARGUMENTS | {"connect_timeout": 10}
IDENTITY = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()), current_database(),"
    " pg_is_in_recovery()"
)
HOLD = text("SELECT pg_advisory_xact_lock(:key)")
IS_FREE = text("SELECT pg_try_advisory_xact_lock(:key)")


class OwnDatabase(PartFailed):
    """The source is the database that is to be brought in line."""


def read_source(engine: Engine, settings: Settings) -> Content:
    """Return what the source says is sold. Raises PartFailed, with no password in what it says."""
    try:
        with _connected(settings["cyclic_update.source"]) as source:
            if _is_own(engine, source):
                raise OwnDatabase("cyclic_update.source is this very database; it must be another")
            _refuse_other_schema(source, settings)
            with Session(source) as session:
                return read_content(session)
    except SQLAlchemyError as error:
        raise PartFailed(f"cannot be read: {reason(error)}") from error
    except LookupError as error:
        # A word that a column may not hold here.
        raise PartFailed(f"holds what this version does not know: {error}") from error


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise PartFailed("cyclic_update.source is no URL of a database") from None
    if parsed.get_backend_name() == "sqlite":
        engine = _sqlite(Path(parsed.database or ""))
    else:
        said = {name: value for name, value in ARGUMENTS.items() if name not in parsed.query}
        arguments: dict[str, Any] = {"options": OPTIONS, **said}
        engine = create_engine(
            parsed, poolclass=NullPool, connect_args=arguments, hide_parameters=True
        )
        hurry.connect_in_a_hurry(engine, hurry.PatientConnection)
    try:
        with snapshot(engine).connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _sqlite(file: Path) -> Engine:
    def open_to_read() -> sqlite3.Connection:
        # Neither made where there is none, nor written to.
        address = f"file:{quote(str(file.absolute()))}?mode=ro"
        return sqlite3.connect(address, uri=True, isolation_level=None)

    engine = create_engine(f"sqlite:///{file}", creator=open_to_read, poolclass=NullPool)
    # All as of one moment.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _refuse_other_schema(source: Connection, settings: Settings) -> None:
    needed = head_revision(settings["database.migrations"])
    if serves(source, needed):
        return
    found = current_revision(source)
    if found is None:
        raise PartFailed("is no database of the shop")
    raise PartFailed(
        f"has schema {found}, this version needs {needed}: bring both to the same version"
    )


def _is_own(engine: Engine, source: Connection) -> bool:
    if engine.dialect.name != source.dialect.name:
        return False
    if engine.dialect.name == "sqlite":
        return Path(engine.url.database or "").samefile(source.engine.url.database or "")
    # Names and numbers are the same on a copy of this machine. What is held here is held in that
    # session's database only; a standby, which knows nothing of it, says whose it is.
    key = secrets.randbits(62)
    with engine.begin() as own:
        own.execute(HOLD, {"key": key})
        if not source.scalar(IS_FREE, {"key": key}):
            return True
        here, there = _identity(own), _identity(source)
    return there is not None and there[2] and here is not None and here[:2] == there[:2]


def _identity(connection: Connection) -> tuple[Any, ...] | None:
    """Number and name of a database, and whether it follows another one; None if it may not say."""
    try:
        with connection.begin_nested():
            return tuple(connection.execute(IDENTITY).one())
    except SQLAlchemyError:
        return None

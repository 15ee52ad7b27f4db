"""Database plumbing: declarative base, naming convention, engine and sessions."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from select import POLLIN, poll
from typing import Any, TypeVar, cast

from sqlalchemy import (
    Column,
    Connection,
    CursorResult,
    Delete,
    Engine,
    MetaData,
    Result,
    Select,
    Update,
    create_engine,
    event,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import (
    ArgumentError,
    IntegrityError,
    InvalidatePoolError,
)
from sqlalchemy.orm import (
    DeclarativeBase,
    InstanceState,
    InstrumentedAttribute,
    Mapped,
    Session,
    declared_attr,
    mapped_column,
)
from sqlalchemy.orm.attributes import flag_modified

from ocpizza import hurry
from ocpizza.column_types import UtcDateTime
from ocpizza.settings import SettingError

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "synchronous=NORMAL",
)

# An array is read from its first element to its last: the order of locks is that of the names.
_LOCKED = text(
    "(SELECT count(pg_advisory_xact_lock(hashtextextended(name, 0)))"
    " FROM unnest(CAST(:names AS text[])) AS name)"
)

BLOCK = 1000
# The largest that a key of ours (INTEGER) can be.
LAST_KEY = 2**31 - 1
# Modules that an update brings are imported under names that begin so.
OVERLAY_MODULES = "ocpizza_overlay_"
Row = TypeVar("Row")
# Whoever reads columns alone needs no session.
Reader = Session | Connection


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map = {datetime: UtcDateTime}

    def __init_subclass__(cls, **arguments: Any) -> None:
        # Two releases, or two restaurants, would change what the product's tables are.
        if cls.__module__.startswith(OVERLAY_MODULES):
            raise TypeError("tables of an update have a base of their own: new_base()")
        super().__init_subclass__(**arguments)


class Versioned:
    """A row that staff may edit: a write over somebody else's newer version is refused."""

    version: Mapped[int] = mapped_column(default=1, server_default=text("1"))

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    def touch_version(self) -> None:
        """Have it get a new version though what changed of it is in other tables."""
        state: InstanceState[Any] = inspect(self)
        columns = ((each.key, each.columns[0]) for each in state.mapper.column_attrs)
        own = (key for key, it in columns if isinstance(it, Column) and not it.primary_key)
        # One that was read: to read another would have the version be a later one, too.
        loaded = (key for key in own if key in state.dict and key != "version")
        flag_modified(self, next(loaded))


def make_engine(url: str, pool_size: int = 5, *, hurried: bool = False) -> Engine:
    """Return an engine for `url` whose transactions never lose an update, on PostgreSQL and SQLite.

    A `hurried` one is for pages: whoever waits for them is told soon that nobody answers. Raises
    SettingError when `url` is none, or of a database that is not supported here.
    """
    try:
        return _make_engine(url, pool_size, hurried)
    except ValueError:
        # It would repeat a part of the URL, which may hold a password.
        raise SettingError("database.url: the port is no number") from None
    except (ArgumentError, ImportError) as error:
        raise SettingError(f"database.url: {error}") from error


def _make_engine(url: str, pool_size: int, hurried: bool) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(url, hide_parameters=True)
        event.listen(engine, "connect", _configure_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    # Compiling our short queries (jit) costs more than running them.
    options = "-c timezone=UTC -c lock_timeout=10s -c jit=off"
    arguments: dict[str, Any] = hurry.ARGUMENTS if hurried else {"connect_timeout": 10}
    said = make_url(url).query
    arguments = {name: value for name, value in arguments.items() if name not in said}
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=hurry.POOL_SECONDS if hurried else 30,
        connect_args={
            "options": f"{options} -c {hurry.STATEMENT}" if hurried else options,
            **arguments,
        },
        hide_parameters=True,  # values are people's, and logs are read by others
    )
    event.listen(engine, "checkout", _refuse_closed)
    if hurried:
        hurry.connect_in_a_hurry(engine)
    return engine


def lock_names(session: Session, *names: str) -> None:
    """Hold these names until the transaction ends, so that nobody else does the same meanwhile.

    For what has no row of its own to lock. SQLite's writers are alone anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(_LOCKED), {"names": sorted(names)})


def execute_and_lock(
    session: Session,
    statement: Select[*tuple[Any, ...]],
    values: Mapping[str, Any],
    names: Collection[str],
) -> Result[*tuple[Any, ...]]:
    """Execute a statement and `lock_names` in one round trip.

    What it reads may be older than the locks: judge by what is read after.
    """
    if names and session.get_bind().dialect.name == "postgresql":
        statement, values = _locking(statement), {**values, "names": sorted(names)}
    return execute_plain(session, statement, values)


@cache
def _locking(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.add_columns(_LOCKED)


def execute_plain(
    reader: Reader,
    statement: Select[*tuple[Any, ...]],
    values: Mapping[str, Any] | None = None,
) -> Result[*tuple[Any, ...]]:
    """Execute a statement that gives columns, no objects: the ORM only gets in the way of those.

    It sees what was changed before, as any other.
    """
    if isinstance(reader, Session):
        reader.flush()
        reader = reader.connection()
    return reader.execute(statement, values)


def rows_changed(session: Session, statement: Delete | Update) -> int:
    """Execute a statement that gives no rows back; return how many it deleted or changed."""
    return cast(CursorResult[Any], session.execute(statement)).rowcount


def violates_unique(error: IntegrityError, column: InstrumentedAttribute[Any]) -> bool:
    """Return whether the database refused a value because another row has it in this column."""
    table, name = column.class_.__table__.name, column.key
    # As PostgreSQL and as SQLite say it.
    known = (f'"uq_{table}_{name}"', f"UNIQUE constraint failed: {table}.{name}")
    return any(words in str(error.orig) for words in known)


def in_blocks(
    session: Session, query: Select[Row], key: InstrumentedAttribute[int]
) -> Iterator[Sequence[Row]]:
    """Return the rows of a query of one table, a thousand at a time in the order of its primary
    `key`.
    """
    last, ordered = 0, query.order_by(key).limit(BLOCK)
    while rows := session.scalars(ordered.where(key > last)).all():
        yield rows
        last = getattr(rows[-1], key.key)


def key_spans(session: Session, key: InstrumentedAttribute[int]) -> Iterator[tuple[int, int]]:
    """Return spans of values of a table's primary `key`, with a thousand rows each at most.

    Together they are all values, also of rows that are not there: others may still name them.
    """
    first, last = 0, 0
    while last < LAST_KEY:
        block = select(key.label("key")).where(key >= first).order_by(key).limit(BLOCK).subquery()
        found = select(func.count(block.c.key), func.max(block.c.key))
        count, last = session.execute(found).one()
        if count < BLOCK:
            last = LAST_KEY
        yield first, last
        first = last + 1


def reason(error: Exception) -> str:
    """Return what the database said, in one line."""
    lines = str(getattr(error, "orig", None) or error).strip().splitlines()
    return lines[0] if lines else type(error).__name__


def read_only(engine: Engine) -> Engine:
    """Return the same pool for pages that only read: no BEGIN/COMMIT round trips, no queue on
    SQLite.
    """
    if engine.dialect.name == "sqlite":
        return engine.execution_options(ocpizza_read_only=True)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


def snapshot(engine: Engine) -> Engine:
    """Return the same pool for reading much that must fit together: all as of one moment."""
    if engine.dialect.name == "sqlite":
        return read_only(engine)
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
    # An idle connection has something to read only when the server closed it: a poll sees that
    # without the round trip of a ping.
    waiting = poll()
    waiting.register(connection.fileno(), POLLIN)
    if waiting.poll(0):
        raise InvalidatePoolError


def _configure_sqlite(connection: Any, _record: Any) -> None:
    # pysqlite's own transactions begin too late and lose concurrent updates silently.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    reads = connection.get_execution_options().get("ocpizza_read_only")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

"""The databases that tests run on: a private PostgreSQL cluster and SQLite files."""

import os
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain, count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from ocpizza.db import make_engine
from ocpizza.operations.migrate import migrate
from refilling import Contents, is_left_alone, schema_of

BACKENDS = ("postgresql", "sqlite")
MIGRATIONS = Path(__file__).parents[1] / "alembic"
CONNECTIONS = "-c max_connections=300"
CARELESS = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
    " -c max_wal_size=128MB -c min_wal_size=32MB"
)
MEMORY, PLENTY = Path("/dev/shm"), 8 << 30
MISSING = "PostgreSQL is missing: apt-get install --no-install-recommends postgresql"


class Cluster:
    """A PostgreSQL cluster of our own on a unix socket, gone with the run.

    Unless `durable` it does not wait for the disk, nor for others who write to it.
    """

    def __init__(self, durable: bool = False) -> None:
        self.bin = _postgresql_bin()
        # Short, because the path of a unix socket is limited to some hundred bytes.
        self.folder = Path(tempfile.mkdtemp(prefix="ocp", dir=None if durable else _memory()))
        self.data = self.folder / "data"
        if _is_root():
            shutil.chown(self.folder, "postgres")
        access = ("--auth=trust", "--username=postgres")
        self._run("initdb", *access, "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        socket = f"-c listen_addresses='' -c unix_socket_directories='{self.folder}'"
        options = CONNECTIONS if durable else f"{CONNECTIONS} {CARELESS}"
        self._options = f"{options} {socket}"
        self.start()

    def start(self) -> None:
        """Serve, for the first time or again."""
        log = str(self.folder / "log")
        self._run("pg_ctl", "-w", "-l", log, "-o", self._options, "start")

    def halt(self) -> None:
        """Stop as an administrator does; `start` goes on with the same data."""
        self._run("pg_ctl", "-m", "fast", "-w", "stop")

    def url(self, name: str) -> str:
        """The URL of one of its databases."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.folder}"

    @property
    def postmaster(self) -> int:
        """The process id of its server."""
        return int((self.data / "postmaster.pid").read_text().split()[0])

    def run(self, statement: str) -> None:
        """Run one statement outside any transaction, such as CREATE DATABASE."""
        with self._maintenance.connect() as connection:
            connection.exec_driver_sql(statement)

    def stop(self) -> None:
        """Stop it, unless it is halted, and remove every trace."""
        self._maintenance.dispose()
        if (self.data / "postmaster.pid").exists():
            self._run("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    @cached_property
    def _maintenance(self) -> Engine:
        engine = make_engine(self.url("postgres"), pool_size=1)
        return engine.execution_options(isolation_level="AUTOCOMMIT")

    def _run(self, program: str, *arguments: str) -> None:
        # postgres refuses to run as root.
        command = ["runuser", "-u", "postgres", "--"] if _is_root() else []
        command += [str(self.bin / program), "-D", str(self.data), *arguments]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run(command, check=True, cwd=self.folder, **quiet)


class Databases:
    """Migrated and empty databases of both kinds; what is never asked for is never made.

    One for a test alone is kept for the next test, as new: engines know by then how to say most
    statements, and PostgreSQL takes a hundred times longer to make a database than to fill one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = count(1)
        self._shared: dict[str, Engine] = {}
        self._kept: dict[tuple[str, int], list[Engine]] = defaultdict(list)
        self._contents: dict[str, Contents] = {}

    def shared(self, backend: str) -> Engine:
        """The engine of the migrated database where tests leave nothing behind."""
        if backend not in self._shared:
            self._shared[backend] = make_engine(self._create(backend, self._migrated(backend)))
        return self._shared[backend]

    @contextmanager
    def private(self, backend: str, *, migrated: bool = True, pool_size: int = 40):
        """The engine of a database for one test alone."""
        if migrated:
            with self.copy(backend, self._migrated(backend), pool_size) as engine:
                yield engine
            return
        engine = make_engine(self._create(backend, None), pool_size)
        try:
            yield engine
        finally:
            self._drop(engine)

    @contextmanager
    def copy(self, backend: str, template: str, pool_size: int = 5) -> Iterator[Engine]:
        """The engine of a copy of a database, for one test alone; `template` is its name."""
        kept = self._kept[backend, pool_size]
        if kept:
            engine = kept.pop()
            self._renew(engine, template)
        else:
            engine = make_engine(self._create(backend, template), pool_size)
            if backend == "postgresql":
                event.listen(engine, "connect", _have_patience)
        made = schema_of(engine)
        try:
            yield engine
        finally:
            engine.dispose()
            # Its next test may make a template of it, too, with rows of its own.
            self._contents.pop(engine.url.database, None)
            if is_left_alone(engine) and schema_of(engine) == made:
                kept.append(engine)
            else:
                self._drop(engine)

    def _renew(self, engine: Engine, template: str) -> None:
        if engine.dialect.name == "sqlite":
            self._drop(engine)
            shutil.copyfile(template, engine.url.database)
            return
        if template not in self._contents:
            self._contents[template] = Contents(self.cluster.url(template))
        self._contents[template].put_into(engine)

    def close(self) -> None:
        """Close every connection and stop the cluster, if it was started."""
        for engine in (*self._shared.values(), *chain(*self._kept.values())):
            engine.dispose()
        if "cluster" in self.__dict__:
            self.cluster.stop()

    @cached_property
    def cluster(self) -> Cluster:
        return Cluster()

    def _migrated(self, backend: str) -> str:
        return self._postgresql_template if backend == "postgresql" else self._sqlite_template

    @cached_property
    def _postgresql_template(self) -> str:
        self.cluster.run("CREATE DATABASE migrated")
        _migrate(self.cluster.url("migrated"))
        return "migrated"

    @cached_property
    def _sqlite_template(self) -> str:
        path = self.folder / "migrated.sqlite"
        _migrate(f"sqlite:///{path}")
        return str(path)

    def _create(self, backend: str, template: str | None) -> str:
        name = f"test_{next(self._numbers)}"
        if backend == "postgresql":
            self.cluster.run(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")
            return self.cluster.url(name)
        path = self.folder / f"{name}.sqlite"
        if template:
            shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    def _drop(self, engine: Engine) -> None:
        engine.dispose()
        name = engine.url.database
        if engine.dialect.name == "postgresql":
            self.cluster.run(f"DROP DATABASE {name} WITH (FORCE)")
            return
        # And whatever a test has left beside it.
        for path in Path(name).parent.glob(f"{Path(name).name}*"):
            path.unlink()


def _have_patience(connection: Any, _record: object) -> None:
    """The shop's own ten seconds are for those who wait for a page, not for a busy machine."""
    connection.execute("SET lock_timeout = '2min'")
    connection.commit()


@contextmanager
def counted_statements(engine_or_connection) -> Iterator[list[str]]:
    """The statements sent while the block runs; savepoints are the test's own affair."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            seen.append(statement)

    event.listen(engine_or_connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine_or_connection, "before_cursor_execute", note)


def ends_with_stock(statements: Sequence[str]) -> bool:
    """Whether stock is locked by the last but two, changed and nothing else is done meanwhile."""
    lock, change, movements = statements[-3:]
    return (
        lock.startswith("SELECT stock")
        and change.startswith("UPDATE stock ")
        and movements.startswith("INSERT INTO stock_movement")
    )


def _migrate(url: str) -> None:
    engine = make_engine(url)
    migrate(engine, MIGRATIONS)
    engine.dispose()


def _memory() -> Path | None:
    """Where files are kept in memory, if there is plenty of it."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= PLENTY else None


def _is_root() -> bool:
    return os.geteuid() == 0


def _postgresql_bin() -> Path:
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found = max(debian, key=lambda path: int(path.parts[-3]), default=None)
    found = found or shutil.which("initdb")
    if found is None:
        pytest.exit(MISSING, returncode=1)
    return Path(found).parent

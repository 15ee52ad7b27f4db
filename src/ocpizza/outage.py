"""A database that is down: what that looks like, and an incident that is told of once."""

import fcntl
import mmap
import os
import struct
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

import structlog
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from ocpizza.db import reason

# Classes and codes of PostgreSQL: no connection, no resources, an operator's or a system's doing;
# a lock or an answer that took too long; a database that only reads, such as one on standby.
DOWN = ("08", "53", "57", "58", "55P03", "25006", "25P03")
SQLITE_DOWN = ("BUSY", "LOCKED", "CANTOPEN", "IOERR", "FULL", "READONLY", "PROTOCOL")
# An answer this soon after a failure ends nothing: a database that comes and goes is one incident.
QUIET_SECONDS = 5.0
# While nobody reaches the database one request at a time tries to, and the others need not wait.
RETRY_SECONDS, PROBE_SECONDS = 1.0, 20.0
KEPT = struct.Struct("ddq")
log = structlog.get_logger()


class DatabaseDown(Exception):
    """The database was asked a moment ago and did not answer: not asked again so soon."""


def is_outage(error: BaseException | None) -> bool:
    """Return whether the database failed, not what it was asked."""
    if isinstance(error, DatabaseDown | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or is_unreachable(error):
        return True
    name = getattr(error.orig, "sqlite_errorname", "") or ""
    state = getattr(error.orig, "sqlstate", None) or ""
    return state.startswith(DOWN) or name.removeprefix("SQLITE_").startswith(SQLITE_DOWN)


def is_unreachable(error: BaseException | None) -> bool:
    """Return whether nobody answers at all: PostgreSQL itself gives each of its errors a code."""
    from psycopg import OperationalError

    orig = error.orig if isinstance(error, DBAPIError) else None
    return isinstance(orig, OperationalError) and orig.sqlstate is None


class Outage:
    """What every process that was forked from this one knows of the database's failures."""

    def __init__(self) -> None:
        self._threads = Lock()
        self._file = os.memfd_create("ocpizza-outage")
        os.ftruncate(self._file, KEPT.size)
        self._memory = mmap.mmap(self._file, KEPT.size)
        self._unreachable, self._next_try = False, 0.0
        # Not when the process ends: the kernel closes it then, and modules may be gone already.
        weakref.finalize(self, os.close, self._file).atexit = False

    @property
    def lasts(self) -> bool:
        """Whether the database failed and was not well since."""
        return self._read()[0] > 0

    def failed(self, error: BaseException) -> None:
        """Note a failure; the first one of an incident is logged."""
        if isinstance(error, DatabaseDown):
            return
        if is_unreachable(error):
            self._unreachable, self._next_try = True, time.monotonic() + RETRY_SECONDS
        with self._alone():
            began, _last, failures = self._read()
            now = time.time()
            self._write(began or now, now, failures + 1)
        if not began:
            why = reason(error) if isinstance(error, SQLAlchemyError) else str(error)
            log.error("the database is down", reason=why)

    def answered(self) -> None:
        """Note that the database answers; the end of an incident is logged."""
        with self._alone():
            began, last, failures = self._read()
            now = time.time()
            over = began > 0 and now - last >= QUIET_SECONDS
            if over:
                self._write(0, 0, 0)
        if over:
            log.warning("the database is back", seconds=round(last - began), failures=failures)

    def reached(self) -> None:
        """Note that there is a connection again: everybody may try."""
        self._unreachable = False

    def refuse_in_vain(self) -> None:
        """Before connecting: raise DatabaseDown if somebody else has just tried, or is trying."""
        if not self._unreachable:
            return
        with self._threads:
            now = time.monotonic()
            if now < self._next_try:
                raise DatabaseDown
            self._next_try = now + PROBE_SECONDS

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Among threads and processes: the lock of a file is a whole process's."""
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _read(self) -> tuple[float, float, int]:
        return KEPT.unpack_from(self._memory)

    def _write(self, *values: float) -> None:
        KEPT.pack_into(self._memory, 0, *values)

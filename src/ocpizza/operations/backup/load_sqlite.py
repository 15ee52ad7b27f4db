"""Restore an SQLite database beside the live one: in another file, which then takes its name."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine

from ocpizza.db import make_engine
from ocpizza.operations.backup.beside import Beside
from ocpizza.operations.backup.dump_sqlite import file_of, remove
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import sync, usable
from ocpizza.operations.backup.reading import Archive
from ocpizza.operations.backup.stages import Stages

PREVIOUS = ".previous-"
BESIDE = ("-wal", "-shm", "-journal")


@contextmanager
def beside(engine: Engine, archive: Archive, stamp: str, stages: Stages) -> Iterator[Beside]:
    """Restore an archive into a file that is gone afterwards unless it took the live one's name.

    What the swap replaces is kept under the `stamp`, even if that is nothing.
    """
    live = file_of(engine)
    scratch = live.with_name(f".{live.name}.restoring")
    tidy_up(live, scratch)
    try:
        with stages.stage("load the database"), usable(scratch):
            _extract(archive, scratch)
        other = make_engine(f"sqlite:///{scratch}")
        try:
            with other.connect() as restored:

                def swap() -> str:
                    restored.commit()
                    restored.close()
                    other.dispose()
                    return _swap(live, scratch, _kept(live, stamp))

                yield Beside(
                    restored,
                    lambda: map(_looking_at, (live, *_all_kept(live))),
                    lambda: refuse_users(live),
                    swap,
                )
        finally:
            other.dispose()
    except sqlite3.Error as error:
        raise BackupError(f"the database says: {error}; nothing was changed") from error
    finally:
        remove(scratch)


def forget_previous(engine: Engine) -> list[str]:
    """Remove what restorations replaced; return what it was called."""
    live = file_of(engine)
    kept = _all_kept(live)
    for path in kept:
        path.unlink()
    return [str(path) for path in kept]


def swapped(engine: Engine, stamp: str) -> bool:
    """Whether a restoration with this stamp took over, and what it replaced is kept."""
    live = file_of(engine)
    kept = _kept(live, stamp)
    return kept.exists() and live.exists() and not kept.samefile(live)


def tidy_up(live: Path, scratch: Path) -> None:
    """What a run that was killed left: its file, and a second name of the live database."""
    remove(scratch)
    for path in _all_kept(live):
        if live.exists() and path.samefile(live):
            path.unlink()


def refuse_users(live: Path) -> None:
    """Raises BackupError while anybody else has the database open."""
    with _alone(live):
        pass


@contextmanager
def _alone(live: Path) -> Iterator[None]:
    """Nobody else has the file open meanwhile, and all of the database is in it."""
    if not live.exists():
        yield
        return
    connection = sqlite3.connect(live, timeout=1, isolation_level=None)
    try:
        try:
            # Whoever has it open in its usual mode keeps it in that mode.
            mode = connection.execute("PRAGMA journal_mode=DELETE").fetchone()[0]
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            mode = str(error)
        except sqlite3.DatabaseError:
            # Damaged beyond use, which is what it is replaced for.
            mode = "delete"
        if mode != "delete":
            raise BackupError(f"{live} is in use: stop the site first (or whoever reads it)")
        yield
    finally:
        connection.close()


def _extract(archive: Archive, scratch: Path) -> None:
    descriptor = os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    with open(descriptor, "wb") as file:  # noqa: PTH123  (made with its mode)
        for chunk in archive.chunks(archive.database):
            file.write(chunk)


def _swap(live: Path, scratch: Path, previous: Path) -> str:
    with _alone(scratch):
        # The whole of it in one file, and on the disk.
        sync(scratch)
    live.touch()
    with _alone(live):
        os.link(live, previous)
        scratch.chmod(live.stat().st_mode & 0o777)
        scratch.replace(live)
        sync(live.parent)
    return str(previous)


def _all_kept(live: Path) -> list[Path]:
    pattern = f"{live.name}{PREVIOUS}*"
    # What SQLite itself keeps beside one that is looked at ends otherwise.
    return sorted(path for path in live.parent.glob(pattern) if not str(path).endswith(BESIDE))


def _kept(live: Path, stamp: str) -> Path:
    return live.with_name(f"{live.name}{PREVIOUS}{stamp}")


@contextmanager
def _looking_at(file: Path) -> Iterator[Connection | None]:
    if not file.exists():
        yield None
        return
    engine = make_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        # Nothing of ours keeps it open.
        engine.dispose()

"""Where archives are: their names, which one is the newest, and how one takes its place."""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from ocpizza.operations.backup.errors import AtWork, BackupError
from ocpizza.operations.backup.stages import Stages

NAME = re.compile(r"ocpizza-(\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d-\d{3})Z(?:-([a-z]+))?\.tar(\.age)?")
SUFFIX = ".age"
PARTIALS = (PLAIN, ENCRYPTED) = (".archive.partial", ".encrypted.partial")
AT_WORK = "another backup, restoration or cyclic update is at work"
STAMP = "%Y-%m-%d_%H-%M-%S"


class BackupFolder:
    """A folder of archives. Methods raise BackupError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self, wait: Stages | None = None) -> Iterator[None]:
        """Be alone with it; what a run that was killed left behind is gone.

        Where another job is at work: with `wait` until it is done, a stage of its own.
        """
        with usable(self.path):
            self.path.mkdir(0o700, parents=True, exist_ok=True)
            lock = os.open(self.path / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            with usable(self.path):
                _take(lock, wait)
            for name in PARTIALS:
                (self.path / name).unlink(missing_ok=True)
            yield
        finally:
            os.close(lock)

    @contextmanager
    def partial(self, name: str = PLAIN) -> Iterator[BinaryIO]:
        """A file to write into, one of PARTIALS, which is nothing until `put_in_place`."""
        path = self.path / name
        with usable(path):
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            with open(descriptor, "w+b") as file:  # noqa: PTH123  (made with its mode)
                yield file
        finally:
            path.unlink(missing_ok=True)

    def put_in_place(self, file: BinaryIO, at: datetime, name: str = PLAIN, kind: str = "") -> Path:
        """Give a `partial` its name for good, with what it was made for, if that is special."""
        suffix = SUFFIX if name == ENCRYPTED else ""
        stamp = f"{at.astimezone(UTC):{STAMP}}-{at.microsecond // 1000:03}"
        path = self.path / f"ocpizza-{stamp}Z{'-' if kind else ''}{kind}.tar{suffix}"
        if path.exists():
            raise BackupError(f"{path} exists already; try again")
        with usable(path):
            file.flush()
            os.fsync(file.fileno())
            (self.path / name).rename(path)
            sync(self.path)
        return path

    def archives(self) -> list[Path]:
        """Every archive, the newest first."""
        try:
            names = [path for path in self.path.iterdir() if NAME.fullmatch(path.name)]
        except FileNotFoundError:
            return []
        return sorted(names, reverse=True)

    def forget_older(self, keep: int, made: Path) -> list[Path]:
        """Remove all but the newest, and never the one just `made`; return those removed.

        Only of its kind: what is made before each update, however often one is tried, pushes out
        none of those that are made each month. A clock that was wrong once may have made one that
        is newer for years.
        """
        alike = [path for path in self.archives() if _kind(path) == _kind(made)]
        old = [path for path in alike[keep:] if path != made]
        for path in old:
            path.unlink()
        return old


def _take(lock: int, wait: Stages | None) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        if wait is None:
            raise AtWork(f"{AT_WORK}; wait until it is done") from error
        with wait.stage(f"{AT_WORK}: wait until it is done"):
            fcntl.flock(lock, fcntl.LOCK_EX)


def _kind(archive: Path) -> str | None:
    found = NAME.fullmatch(archive.name)
    return found and found[2]


def made_at(archive: Path) -> datetime:
    """Return when an archive was begun, as its name says."""
    found = NAME.fullmatch(archive.name)
    if found is None:
        raise BackupError(f"{archive.name} is not a name that `ocpizza backup` gives")
    return datetime.strptime(f"{found[1]}+0000", f"{STAMP}-%f%z")


def sync(path: Path) -> None:
    """Have a folder's or a file's last change survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def usable(path: Path) -> Iterator[None]:
    """What the machine refuses is one line."""
    try:
        yield
    except shutil.Error as error:
        # One line of many: (from, to, why).
        raise BackupError(f"cannot write {path}: {error.args[0][0][2]}") from error
    except OSError as error:
        # Of several files, the one that it is about.
        raise BackupError(f"cannot write {error.filename or path}: {error.strerror}") from error

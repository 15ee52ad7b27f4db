"""What is done as PostgreSQL's own administrator, who owns its files."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.privileges import acting_as, require_user, root_again, run
from ocpizza.settings import SettingError

NAME = "postgres"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}
NO_SERVER = "there is no PostgreSQL server here: apt install postgresql"


@contextmanager
def being_postgres() -> Iterator[None]:
    """Root, whoever they act as, is PostgreSQL's administrator meanwhile."""
    with root_again():
        try:
            require_user(NAME)
        except SettingError as error:
            raise BackupError(NO_SERVER) from error
        with acting_as(NAME):
            yield


def run_as_postgres(command: Sequence[str | Path], stdin: str = "") -> str:
    """Return what a program of theirs printed. Raises BackupError with what it complained about."""
    with being_postgres():
        try:
            done = run(command, input=stdin, env=ENVIRONMENT, cwd="/", errors="replace")
        except FileNotFoundError as error:
            raise BackupError(f"{Path(command[0]).name} is not installed") from error
    if done.returncode:
        words = complaint(done.stderr or done.stdout) or f"ended with status {done.returncode}"
        raise BackupError(f"{Path(command[0]).name}: {words}")
    return done.stdout


def complaint(said: str) -> str:
    """Return the line that says what is wrong: the first that is called an error, or the last."""
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    for mark in ("ERROR: ", "error: ", "FATAL: "):
        for line in lines:
            if mark in line:
                return line.split(mark, 1)[1]
    return lines[-1] if lines else ""


def write_as_postgres(path: Path, text: str) -> None:
    """Put a file in place of another, all of it or nothing: nobody's link is followed."""
    with being_postgres(), _one_kind_of_error(path), _partial(path.parent) as file:
        os.fchmod(file.fileno(), 0o644)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
        Path(file.name).replace(path)


def write_over_as_postgres(path: Path, text: str) -> None:
    """Write into a file that is there and no shorter: a disk that is full has the room."""
    with being_postgres(), _one_kind_of_error(path):
        descriptor = os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            # What was there goes with the same write; such a line says nothing anywhere.
            rest = os.fstat(descriptor).st_size - len(text.encode())
            os.pwrite(descriptor, (text + "#" * rest).encode(), 0)
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@contextmanager
def _partial(folder: Path) -> Iterator[IO[str]]:
    """A file that is gone unless it was given another name."""
    with NamedTemporaryFile("w", dir=folder, prefix=".", delete=False) as file:
        try:
            yield file
        finally:
            Path(file.name).unlink(missing_ok=True)


@contextmanager
def _one_kind_of_error(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BackupError(f"cannot write {path}: {error.strerror}") from error

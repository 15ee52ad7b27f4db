"""Programs of others, PostgreSQL's and age: found, told what they need, heard when they fail."""

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import PIPE
from tempfile import TemporaryFile
from threading import Thread
from typing import IO

from sqlalchemy import Connection

from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.privileges import start

INSTALLED = Path("/usr/lib/postgresql")
PACKAGES = {"age": "age"}


def program(name: str) -> str:
    """Return the newest of this name. Raises BackupError where there is none."""
    debian = sorted(INSTALLED.glob(f"*/bin/{name}"), key=lambda path: float(path.parts[-3]))
    found = str(debian[-1]) if debian else shutil.which(name)
    if found is None:
        package = PACKAGES.get(name, "postgresql-client")
        raise BackupError(f"{name} is missing: apt install {package}")
    return found


def whereabouts(connection: Connection) -> dict[str, str]:
    """Return environment that leads a program to the server that a connection speaks to.

    Not arguments: those are everybody's to read, and there may be a password.
    """
    driver = connection.connection.driver_connection
    assert driver is not None
    # libpq's own names for what it was told; of several hosts, the one that answered.
    told = {one.envvar: one.val for one in driver.pgconn.info if one.envvar and one.val}
    told |= {b"PGHOST": driver.info.host.encode(), b"PGPORT": b"%d" % driver.info.port}
    for name in (b"PGOPTIONS", b"PGHOSTADDR"):
        told.pop(name, None)
    return _surroundings() | {name.decode(): value.decode() for name, value in told.items()}


def _surroundings() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {"LC_ALL": "C.UTF-8"}


@contextmanager
def running(
    arguments: list[str], environment: dict[str, str] | None = None, files: tuple[int, ...] = ()
) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    """Run a program; gives what it reads and what it writes.

    Raises BackupError with its last words when it fails, whatever failed here because of it.
    """
    with TemporaryFile() as said:
        process = start(
            arguments,
            stdin=PIPE,
            stdout=PIPE,
            stderr=said,
            env=environment or _surroundings(),
            pass_fds=files,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdin, process.stdout
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            status = process.wait()
            # It may have ended before it had read all: its status tells.
            with suppress(BrokenPipeError):
                process.stdin.close()
        if status:
            raise BackupError(f"{Path(arguments[0]).name}: {_last_words(said, status)}")


@contextmanager
def converting(
    arguments: list[str], chunks: Iterable[bytes], files: tuple[int, ...] = ()
) -> Iterator[IO[bytes]]:
    """Run a program on what it is to read; gives what it makes of it."""
    with running(arguments, files=files) as (stdin, stdout):
        # It reads and writes at once, and so must we.
        failures: list[Exception] = []
        feeding = Thread(target=_feed, args=(stdin, chunks, failures), daemon=True)
        feeding.start()
        yield stdout
        feeding.join()
        if failures:
            raise failures[0]


def _feed(pipe: IO[bytes], chunks: Iterable[bytes], failures: list[Exception]) -> None:
    """Write all that there is; what fails while it is read is no end of it, and is told."""
    try:
        for chunk in chunks:
            try:
                pipe.write(chunk)
            except (OSError, ValueError):
                # It may end before it has read all, or be ended: its status tells.
                break
    except Exception as error:
        failures.append(error)
    finally:
        with suppress(OSError, ValueError):
            pipe.close()


def _last_words(said: IO[bytes], status: int) -> str:
    said.seek(0)
    lines = [line for line in said.read().decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line] or lines[-1:]
    return errors[0].split("error:")[-1].strip() if errors else f"ended with status {status}"

"""A cluster restored beside the live one, with a socket of its own and no port.

Nobody else sees it, and it ends with us, however we end.
"""

import fcntl
import getpass
import os
import re
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from subprocess import DEVNULL, STDOUT

from sqlalchemy.engine import URL

from ocpizza.operations.backup.clients import INSTALLED
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.continuous.administrator import (
    ENVIRONMENT,
    NAME,
    being_postgres,
    complaint,
)
from ocpizza.operations.continuous.repository import Repository
from ocpizza.operations.privileges import Process, run, start

PORT = "5432"
SECONDS = 0.1
AT_WORK = "another restoration to a moment is at work; wait until it is done"
# The administrator, and whoever the service's commands run as, who are the shop's role there.
ACCESS = "local all all peer map=restoring\n"
WHO = 'restoring {postgres} {postgres}\nrestoring {user} "{role}"\n'
# Those of the cluster that was saved are for its machine, its port and its archive.
OPTIONS = {
    "listen_addresses": "",
    "port": PORT,
    "archive_mode": "off",
    # It is read when it is whole, not before: so it needs no more of anything than it has.
    "hot_standby": "off",
    "recovery_target_action": "promote",
    "max_prepared_transactions": "100",
    "shared_preload_libraries": "",
    "shared_buffers": "64MB",
    "huge_pages": "off",
    "fsync": "off",
    "autovacuum": "off",
    "ssl": "off",
    "logging_collector": "off",
    "log_destination": "stderr",
    "log_timezone": "UTC",
    "timezone": "UTC",
    "lc_messages": "C",
}
ENDED_BEFORE = "recovery ended before configured recovery target was reached"
LAST = re.compile(r"last completed transaction was at log time (\S+ \S+)")


class EndedBefore(BackupError):
    """The archive ends before the moment that was asked for; `last` is the latest it knows of."""

    def __init__(self, last: datetime | None) -> None:
        super().__init__(ENDED_BEFORE)
        self.last = last


@dataclass(frozen=True)
class Scratch:
    """Its folder, and the programs of its version."""

    folder: Path
    programs: Path

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def url(self, name: str, role: str) -> str:
        """Where one of its databases is found by a role of its own."""
        where = {"host": str(self.folder), "port": PORT}
        url = URL.create("postgresql+psycopg", username=role, database=name, query=where)
        return url.render_as_string(hide_password=False)

    @contextmanager
    def running(self, **options: str) -> Iterator[None]:
        """Recover it, and have it answer meanwhile. Raises BackupError where it cannot."""
        with being_postgres():
            process = self._start(options)
        try:
            self._wait(process)
            yield
        finally:
            with being_postgres():
                process.send_signal(signal.SIGQUIT)
            process.wait()

    def _start(self, options: dict[str, str]) -> Process:
        known = OPTIONS | options
        known |= {"unix_socket_directories": str(self.folder), "data_directory": str(self.data)}
        for name in ("config", "hba", "ident"):
            known[f"{name}_file"] = f"{self.folder}/{name}.conf"
        said = [part for name, value in known.items() for part in ("-c", f"{name}={value}")]
        # Whoever kills us kills it.
        command = ["setpriv", "--pdeathsig", "KILL", f"{self.programs}/postgres", *said]
        with self.log.open("wb") as log:
            return start(
                command, stdin=DEVNULL, stdout=log, stderr=STDOUT, env=ENVIRONMENT, cwd=self.folder
            )

    def _wait(self, process: Process) -> None:
        """However long the recovery takes: what there is to recover is known to nobody."""
        asked = [f"{self.programs}/pg_isready", "-q", "-h", str(self.folder), "-p", PORT]
        while True:
            ended = process.poll() is not None
            if not ended and run(asked, env=ENVIRONMENT).returncode == 0:
                return
            if ended:
                raise self._failure()
            time.sleep(SECONDS)

    def _failure(self) -> BackupError:
        with being_postgres():
            said = self.log.read_text(errors="replace")
        if ENDED_BEFORE not in said:
            return BackupError(f"the restored cluster does not start: {complaint(said)}")
        last = LAST.findall(said)
        return EndedBefore(datetime.fromisoformat(last[-1]).astimezone(UTC) if last else None)


@contextmanager
def scratch(repository: Repository, version: str, user: str, role: str) -> Iterator[Scratch]:
    """A folder for a cluster of this version; all of it is gone afterwards.

    What a run that was killed left goes first.
    """
    programs = INSTALLED / version / "bin"
    if not (programs / "postgres").exists():
        raise BackupError(
            f"the backup is of PostgreSQL {version}: apt install postgresql-{version}"
        )
    folder = repository.restoring
    with _alone(repository):
        _remove(folder)
        try:
            with being_postgres():
                folder.mkdir(0o711)
                # Who owns it alone may pass; the files below are nobody else's.
                folder.chmod(0o711)
                (folder / "data").mkdir(0o700)
                who = WHO.format(postgres=NAME, user=user or getpass.getuser(), role=role)
                for name, text in (("config", ""), ("hba", ACCESS), ("ident", who)):
                    (folder / f"{name}.conf").write_text(text)
            yield Scratch(folder, programs)
        finally:
            _remove(folder)


@contextmanager
def _alone(repository: Repository) -> Iterator[None]:
    with being_postgres():
        path = repository.lock / "restoring"
        lock = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW, 0o640)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(AT_WORK) from error
        yield
    finally:
        os.close(lock)


def _remove(folder: Path) -> None:
    with being_postgres(), suppress(FileNotFoundError):
        shutil.rmtree(folder)

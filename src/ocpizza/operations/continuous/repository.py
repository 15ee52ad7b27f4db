"""pgbackrest's repository: its configuration, what is kept in it, and what is asked of it."""

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.continuous.administrator import (
    NAME,
    being_postgres,
    run_as_postgres,
    write_as_postgres,
)
from ocpizza.operations.continuous.cluster import Cluster
from ocpizza.settings import Settings

CONFIGURATION = Path("/etc/ocpizza/pgbackrest.conf")
STANZA = "ocpizza"
# The one that we configure: administrators may add others.
FIRST = "--repo=1"
NOT_SET_UP = "there is no continuous backup yet: sudo ocpizza backup --continuous enable"
INSTALL = "sudo apt install pgbackrest"
NOT_INSTALLED = f"pgbackrest is missing: {INSTALL}"
# Another cluster than the one that it knows.
OTHER_CLUSTER = "[028]"
# What it reads with another passphrase than it was written with: nothing, or nonsense.
UNREADABLE = ("[095]", "[029]")
TEXT = """\
# Written by `ocpizza backup --continuous enable`, from [backup] and [folders] of ocpizza.ini.
# What is to be added, such as a second repository elsewhere, is in pgbackrest.d beside this file.
[global]
repo1-path={folder}/repository
repo1-bundle=y
repo1-retention-full-type=time
repo1-retention-full={days}
{cipher}compress-type=zst
lock-path={folder}/lock
log-level-console=warn
log-level-file=off
start-fast=y

[{stanza}]
pg1-path={data}
pg1-socket-path={socket}
pg1-port={port}
"""


@dataclass(frozen=True)
class Saved:
    """A backup of a cluster: any moment after it can be restored while the archive goes on.

    It is `damaged` where pages of PostgreSQL's were not what their checksums say.
    """

    label: str
    full: bool
    stopped_at: datetime
    size: int
    version: str
    damaged: bool = False


@dataclass(frozen=True)
class Repository:
    """Where backups and what PostgreSQL has written are, and how long they are kept."""

    folder: Path
    days: int
    passphrase: str
    configuration: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """As the settings say."""
        days, passphrase = settings["backup.continuous_days"], settings["backup.passphrase"]
        return cls(settings["folders.continuous"], days, passphrase, CONFIGURATION)

    @property
    def restoring(self) -> Path:
        """Where a cluster is restored beside the live one."""
        return self.folder / "restoring"

    @property
    def lock(self) -> Path:
        """The folder of locks."""
        return self.folder / "lock"

    @property
    def mark(self) -> Path:
        """There while it is wanted that all is archived."""
        return self.folder / "enabled"

    @property
    def note(self) -> Path:
        """What `info` said last, for those who may not look into the repository."""
        return self.folder / "info.json"

    @property
    def archive_command(self) -> str:
        """What PostgreSQL hands each of its segments to."""
        return " ".join([*self.command("archive-push"), '"%p"'])

    def command(self, *arguments: str) -> list[str]:
        """The command line of pgbackrest."""
        more = self.configuration.with_suffix(".d")
        where = (f"--config={self.configuration}", f"--config-include-path={more}")
        return ["pgbackrest", *where, f"--stanza={STANZA}", *arguments]

    def run(self, *arguments: str) -> str:
        """Return what pgbackrest printed. Raises BackupError with what it complained about."""
        _require_pgbackrest()
        if not self.configuration.exists():
            raise BackupError(NOT_SET_UP)
        return run_as_postgres(self.command(*arguments))

    def set_up(self, cluster: Cluster) -> None:
        """Configure pgbackrest, and have it know the cluster. Raises BackupError, as it was."""
        _require_pgbackrest()
        try:
            self._make_folders()
            before = self.configuration.read_text() if self.configuration.exists() else ""
            self._write(self._text(cluster))
            try:
                self._know()
            except BaseException:
                # With another passphrase, it would fail for ever.
                if before:
                    self._write(before)
                else:
                    self.configuration.unlink()
                raise
        except OSError as error:
            raise BackupError(f"cannot write {error.filename}: {error.strerror}") from error

    def back_up(self, kind: str) -> None:
        """Save the cluster, `full` or what `diff` says, and note it."""
        self.run(FIRST, f"--type={kind}", "backup")
        write_as_postgres(self.note, self._info())

    def forget_note(self) -> None:
        """The next `enable` makes a full backup."""
        with being_postgres():
            self.note.unlink(missing_ok=True)

    def backups(self) -> list[Saved]:
        """Return every backup, the oldest first. Raises BackupError where it cannot be read."""
        return read_info(self._info())

    def _know(self) -> None:
        """Have it know the cluster, in place of the one before where that is another one."""
        try:
            self.run("stanza-create")
        except BackupError as error:
            if any(code in str(error) for code in UNREADABLE):
                raise BackupError(
                    f"{self.folder} cannot be read with this [backup] passphrase: put back the one "
                    "it was begun with, if it was, or name another folder in [folders] continuous"
                ) from error
            if OTHER_CLUSTER not in str(error):
                raise
            # Of this cluster nothing is saved yet.
            self.forget_note()
            self.run("stanza-upgrade")

    def _text(self, cluster: Cluster) -> str:
        cipher = f"repo1-cipher-type=aes-256-cbc\nrepo1-cipher-pass={self.passphrase}\n"
        return TEXT.format(
            folder=self.folder,
            days=self.days,
            cipher=cipher if self.passphrase else "",
            stanza=STANZA,
            data=cluster.data,
            socket=cluster.here.socket,
            port=cluster.here.port,
        )

    def _write(self, text: str) -> None:
        """Put the configuration in place, which PostgreSQL's administrator may read."""
        _make(self.configuration.with_suffix(".d"), 0o755)
        partial = self.configuration.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640)
        with open(descriptor, "w") as file:  # noqa: PTH123  (made with its mode)
            shutil.chown(partial, group=NAME)
            os.fchmod(descriptor, 0o640)
            file.write(text)
        partial.replace(self.configuration)

    def databases(self, saved: Saved) -> list[str]:
        """Return the databases that a backup holds."""
        told = json.loads(self._info(f"--set={saved.label}"))
        found = [saved for stanza in told for saved in stanza["backup"]]
        return [each["name"] for one in found for each in one.get("database-ref") or []]

    def _info(self, *options: str) -> str:
        return self.run(FIRST, *options, "--output=json", "info")

    def _make_folders(self) -> None:
        """Others may see the note and the mark, and only those."""
        self.folder.parent.mkdir(0o755, parents=True, exist_ok=True)
        _make(self.folder, 0o755)
        if self.folder.stat().st_uid == os.getuid():
            shutil.chown(self.folder, NAME, NAME)
        with being_postgres():
            for folder in (self.folder / "repository", self.lock):
                _make(folder, 0o750)


def _make(folder: Path, mode: int) -> None:
    """Make a folder that is not there yet, for whom it is meant whatever root's umask is."""
    if not folder.exists():
        folder.mkdir(mode)
        folder.chmod(mode)


def is_installed() -> bool:
    """Whether PostgreSQL would find pgbackrest."""
    return shutil.which("pgbackrest", path="/usr/bin:/bin") is not None


def _require_pgbackrest() -> None:
    if not is_installed():
        raise BackupError(NOT_INSTALLED)


def read_info(text: str) -> list[Saved]:
    """Return the backups that pgbackrest's JSON tells of, the oldest first."""
    stanzas: list[dict[str, Any]] = json.loads(text or "[]")
    found = []
    for stanza in stanzas:
        versions = {(one["id"], one["repo-key"]): one["version"] for one in stanza["db"]}
        for one in stanza["backup"]:
            found.append(
                Saved(
                    label=one["label"],
                    full=one["type"] == "full",
                    stopped_at=datetime.fromtimestamp(one["timestamp"]["stop"], UTC),
                    size=one["info"]["size"],
                    version=versions[one["database"]["id"], one["database"]["repo-key"]],
                    damaged=bool(one.get("error")),
                )
            )
    return sorted(found, key=lambda saved: saved.stopped_at)

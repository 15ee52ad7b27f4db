"""`ocpizza restore --at`: the shop's database as it was at a moment, out of the whole cluster.

The cluster is recovered beside the live one, of which nothing changes. What it says of the shop
becomes an archive, and that is restored as any other: all that `restore` promises holds here, too.
"""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import Engine, text

from ocpizza.db import make_engine
from ocpizza.erasure_list import Erased
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import BackupFolder, usable
from ocpizza.operations.backup.make import write_archive
from ocpizza.operations.backup.restore import Restored, restore
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.continuous import archiving
from ocpizza.operations.continuous.cluster import Cluster, find
from ocpizza.operations.continuous.repository import FIRST, NOT_SET_UP, Repository, Saved
from ocpizza.operations.continuous.room import refuse_little_room
from ocpizza.operations.continuous.scratch import EndedBefore, Scratch, scratch
from ocpizza.operations.continuous.when import said
from ocpizza.settings import Settings

STAGES = (
    "archive what is not yet",
    "restore the cluster beside",
    "recover it until then",
    "dump the database",
)
PURPOSE = "restore beside the database"
# A moment is named to the second.
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Moment:
    """What is to come back, and what it is done with."""

    at: datetime
    settings: Settings
    config: Path
    now: datetime
    stages: Stages


def restore_at(
    engine: Engine,
    wanted: Moment,
    without_service: AbstractContextManager[None] | None,
    erased: Sequence[Erased] = (),
) -> Restored:
    """Put the database of a moment in place of the live one. Raises BackupError, nothing changed.

    For root, who may act as the service's user meanwhile.
    """
    # It is to take what is recovered: one that is down, or without our role, is said before hours
    # are spent.
    find(wanted.settings)
    engine.connect().close()
    folder = BackupFolder(wanted.settings["folders.backups"])
    with folder.locked(), folder.partial() as file:
        _write(wanted, file)
        file.seek(0)
        return restore(
            engine,
            wanted.settings,
            file,
            wanted.now,
            wanted.stages,
            without_service,
            erased=erased,
            alone=nullcontext(),
        )


def _write(wanted: Moment, file: BinaryIO) -> None:
    """Write the archive of that moment; the cluster that it comes from is gone then."""
    settings, folder = wanted.settings, wanted.settings["folders.backups"]
    with _recovered(wanted) as url:
        beside = make_engine(url, 1)
        try:
            with beside.connect() as connection:
                size = connection.scalar(text("SELECT pg_database_size(current_database())"))
            refuse_little_room(folder, size, PURPOSE)
            # What the swap is done with takes as much again, and so does what is written of it.
            refuse_little_room(find(settings).data, 2 * size, PURPOSE)
            with usable(folder):
                write_archive(beside, settings, wanted.config, file, wanted.stages, wanted.at)
        finally:
            beside.dispose()


@contextmanager
def _recovered(wanted: Moment) -> Iterator[str]:
    """The URL of the shop's database as it was then, in a cluster of its own."""
    repository, stages = Repository.of(wanted.settings), wanted.stages
    cluster = find(wanted.settings)
    here = cluster.here
    backups = repository.backups()
    saved = choose(backups, wanted.at, wanted.now)
    refuse_little_room(repository.folder, saved.size, PURPOSE)
    with stages.stage("archive what is not yet"), suppress(BackupError):
        # What is lost cannot be; what was archived before comes back all the same.
        _archive_all(cluster, repository)
    with scratch(repository, saved.version, wanted.settings["system.user"], here.role) as beside:
        with stages.stage("restore the cluster beside"):
            _bring(repository, saved, beside, wanted.at, here.name)
        with ExitStack() as stack:
            with stages.stage("recover it until then"):
                _recover(stack, beside, wanted.at, backups)
            yield beside.url(here.name, here.role)


def choose(backups: list[Saved], at: datetime, now: datetime) -> Saved:
    """Return the newest backup before a moment. Raises BackupError, with the range, without one."""
    if not backups:
        raise BackupError(NOT_SET_UP)
    if at > now:
        shown = said(now.replace(microsecond=0))
        raise BackupError(f"{said(at)} is yet to come: now it is {shown}")
    before = [saved for saved in backups if saved.stopped_at < at]
    if not before:
        first = said(backups[0].stopped_at + SECOND)
        raise BackupError(
            f"continuous backup begins at {first}: nothing older than that is in it; "
            "an archive may be: sudo ocpizza restore ARCHIVE"
        )
    return before[-1]


def _archive_all(cluster: Cluster, repository: Repository) -> None:
    """Have what was committed until now archived, and something after it, so that it ends there."""
    if archiving.is_on(cluster, repository.archive_command):
        cluster.ask("SELECT pg_current_xact_id();")
        repository.run("check")


def _bring(repository: Repository, saved: Saved, beside: Scratch, at: datetime, name: str) -> None:
    target = f"{at:%Y-%m-%d %H:%M:%S.%f}+00"
    options = [
        FIRST,
        f"--pg1-path={beside.data}",
        f"--set={saved.label}",
        "--type=time",
        f"--target={target}",
        # Nothing is written where the live cluster is, and of other databases no content.
        f"--tablespace-map-all={beside.folder}/tablespaces",
        "--archive-mode=off",
    ]
    only = [f"--db-include={name}"] if name in repository.databases(saved) else []
    repository.run(*options, *only, "restore")


def _recover(stack: ExitStack, beside: Scratch, at: datetime, backups: list[Saved]) -> None:
    """Run it as of this moment, be it the last one that the archive knows of."""
    try:
        stack.enter_context(beside.running())
    except EndedBefore as error:
        last = error.last or max(one.stopped_at for one in backups if one.stopped_at < at)
        if at - last >= SECOND:
            raise BackupError(_gap(last, at, backups)) from error
        stack.enter_context(beside.running(recovery_target_time=""))


def _gap(last: datetime, at: datetime, backups: list[Saved]) -> str:
    """Return what there is around a moment that was not archived: it may have been off then."""
    end = said(last.replace(microsecond=0) + SECOND)
    later = [one.stopped_at for one in backups if one.stopped_at >= at]
    if not later:
        return f"the archive ends at {end}: nothing later is in it"
    return f"the archive ends at {end} and goes on at {said(later[0] + SECOND)}: nothing between"

"""`ocpizza backup`: one archive of all that the shop knows, checked before it gets its name."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Engine

from ocpizza import __version__
from ocpizza.operations.backup import dump_postgresql, dump_sqlite
from ocpizza.operations.backup.contents import contents
from ocpizza.operations.backup.elsewhere import copy_elsewhere
from ocpizza.operations.backup.encryption import encrypt
from ocpizza.operations.backup.erasures import to_be_saved
from ocpizza.operations.backup.errors import AtWork, BackupError
from ocpizza.operations.backup.folder import ENCRYPTED, PLAIN, BackupFolder, usable
from ocpizza.operations.backup.manifest import Manifest
from ocpizza.operations.backup.moment import Moment
from ocpizza.operations.backup.overlay import files, links
from ocpizza.operations.backup.reading import (
    CHUNK,
    DATABASES,
    ERASURES,
    OVERLAY,
    SETTINGS,
    check,
)
from ocpizza.operations.backup.restore import settle
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.backup.writing import ArchiveWriter
from ocpizza.operations.job_runs import noted
from ocpizza.operations.migrate import current_revision
from ocpizza.settings import Settings

STAGES = (
    "dump the database",
    "count and digest the rows",
    "add settings and overlay",
    "check the archive",
    "encrypt it",
    "put it in place",
    "copy it elsewhere",
)


@dataclass(frozen=True)
class Made:
    """An archive that was written, and older ones that went for it."""

    path: Path
    manifest: Manifest
    size: int
    forgotten: list[Path]


def back_up(
    engine: Engine,
    settings: Settings,
    config: Path,
    stages: Stages,
    *,
    wait: bool = False,
    kind: str = "",
    noted_as: str = "",
) -> Made:
    """Write an archive; older ones than `backup.keep` go when it is there. Raises BackupError.

    Also where another job is at work, unless it is to `wait`. Archives of a `kind`, a word that
    becomes part of their names, are counted apart. A `job_run` of that name says how it went, if
    it is to be `noted_as` one.
    """
    folder = BackupFolder(settings["folders.backups"])
    with ExitStack() as alone, _noted(engine, noted_as) as changes:
        alone.enter_context(folder.locked(stages if wait else None))
        manifest, path, forgotten = _make(engine, settings, config, stages, folder, kind)
        changes["archive"] = path.name
        # Another job need not wait for a copy.
        alone.close()
        if settings["backup.copy"]:
            with stages.stage("copy it elsewhere"):
                copy_elsewhere(settings["backup.copy"], path)
    return Made(path, manifest, path.stat().st_size, forgotten)


@contextmanager
def _noted(engine: Engine, job: str) -> Iterator[dict[str, Any]]:
    if job:
        with noted(engine, job, but=AtWork) as changes:
            yield changes
    else:
        # A part of something else.
        yield {}


def _make(
    engine: Engine,
    settings: Settings,
    config: Path,
    stages: Stages,
    folder: BackupFolder,
    kind: str,
) -> tuple[Manifest, Path, list[Path]]:
    with folder.partial() as file, usable(folder.path):
        settle(engine, settings)
        manifest = write_archive(engine, settings, config, file, stages)
        # What the disk has, not what memory still knows of it.
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        file.seek(0)
        if check(file, stages).manifest != manifest:
            raise BackupError("the archive reads otherwise than it was written: check the disk")
        if not settings["backup.recipient"]:
            return manifest, *_put_in_place(folder, file, manifest, settings, stages, kind)
        with folder.partial(ENCRYPTED) as secret:
            with stages.stage("encrypt it"):
                encrypt(file, secret, settings["backup.recipient"])
            return manifest, *_put_in_place(folder, secret, manifest, settings, stages, kind)


def _put_in_place(
    folder: BackupFolder,
    file: BinaryIO,
    manifest: Manifest,
    settings: Settings,
    stages: Stages,
    kind: str,
) -> tuple[Path, list[Path]]:
    name = ENCRYPTED if settings["backup.recipient"] else PLAIN
    with stages.stage("put it in place"):
        path = folder.put_in_place(file, manifest.made_at, name, kind)
        return path, folder.forget_older(settings["backup.keep"], path)


def write_archive(
    engine: Engine,
    settings: Settings,
    config: Path,
    file: BinaryIO,
    stages: Stages,
    of: datetime | None = None,
) -> Manifest:
    """Write an archive into a file; a database that is `of` an earlier moment bears its time."""
    with _moment(engine, settings) as moment:
        writer = ArchiveWriter(file, moment.at)
        kind = engine.dialect.name
        with stages.stage("dump the database"):
            writer.add(DATABASES[kind], moment.chunks)
        tables = contents(moment.connection, stages)
        overlay = settings["folders.overlay"]
        with stages.stage("add settings and overlay"):
            writer.add(SETTINGS, _read(config))
            writer.add(ERASURES, [to_be_saved(moment.connection, settings)])
            for name, path in files(overlay):
                writer.add(OVERLAY + name, _read(path))
        manifest = Manifest(
            made_at=of or moment.at,
            version=__version__,
            revision=current_revision(moment.connection),
            kind=kind,
            server=moment.server,
            schema=moment.schema,
            tables=tables,
            members=dict(writer.members),
            links=links(overlay),
        )
    writer.finish(manifest)
    file.flush()
    return manifest


@contextmanager
def _moment(engine: Engine, settings: Settings) -> Iterator[Moment]:
    if engine.dialect.name == "postgresql":
        with dump_postgresql.moment(engine) as moment:
            yield moment
    else:
        with dump_sqlite.moment(engine, settings["folders.backups"]) as moment:
            yield moment


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk

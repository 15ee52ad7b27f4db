"""The row about disks: where the shop, its database and their logs are written."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ocpizza.operations.disks import OTHERS, POSTGRESQL, Disk, device_of, look
from ocpizza.operations.status.asking import database_file
from ocpizza.operations.status.at_once import Unanswered, ask_all
from ocpizza.operations.status.row import Row, fine
from ocpizza.settings import Settings

OURS = ("state", "overlay", "logs", "backups")
ROOT = Path("/")
# A mount whose server is gone hangs whoever asks.
SECONDS = 8.0
MAKE_ROOM = "make room there"
WRITABLE = "sudo dmesg | tail says why, then: sudo mount -o remount,rw"


def disk(settings: Settings) -> Row:
    """The room that is left on each file system, each asked apart from the others."""
    folders = list(dict.fromkeys(_folders(settings)))
    answers = ask_all([partial(_look, folder) for folder in folders], SECONDS)
    silent = [
        f"{folder}: {answer.why}: df -h {folder}; sudo umount -l it, where its server is gone"
        for folder, answer in zip(folders, answers, strict=True)
        if isinstance(answer, Unanswered)
    ]
    found = dict(answer for answer in reversed(answers) if not isinstance(answer, Unanswered))
    disks = [Disk(Path(folder), *rest) for folder, *rest in reversed(found.values())]
    locked = [f"{each.folder}: only read: {WRITABLE}" for each in disks if each.read_only]
    full = [each for each in disks if not each.well and not each.read_only]
    if full:
        silent.append(f"{'; '.join(map(str, full))}: {MAKE_ROOM}")
    if wrong := [*locked, *silent]:
        return Row("disk", False, "; ".join(wrong))
    return fine("disk", "; ".join(map(str, disks)))


def _look(folder: Path) -> tuple[int, tuple[Any, ...]]:
    at = look(folder)
    return device_of(at.folder), (str(at.folder), at.free, at.total, at.free_percent, at.read_only)


def _folders(settings: Settings) -> Iterator[Path]:
    yield from (settings[f"folders.{name}"] for name in OURS)
    if file := database_file(settings["database.url"]):
        yield file.parent
    yield from OTHERS
    # Its log, which may be on a disk of its own; root alone sees it.
    yield from POSTGRESQL.glob("*/*/pg_wal")
    yield ROOT

"""Rows about backups: the newest archive, and whether one was seen to be restorable."""

from collections.abc import Callable
from pathlib import Path

from ocpizza.operations.backup import looks
from ocpizza.operations.continuous.looks import last_archived
from ocpizza.operations.status.asking import DatabaseSilent, ask
from ocpizza.operations.status.row import Row, amiss
from ocpizza.settings import Settings


def backup(settings: Settings) -> Row:
    """The newest archive."""
    return _asked("backup", settings, looks.last_backup, *_archives(settings))


def restoration(settings: Settings) -> Row:
    """When an archive was last seen to be one that can be restored."""
    return _asked("restoration", settings, looks.last_restoration, *_archives(settings))


def continuous(settings: Settings) -> Row:
    """Whether all that PostgreSQL writes is kept, where that is wanted."""
    return _asked("continuous", settings, last_archived, settings["folders.continuous"], "postgres")


def _archives(settings: Settings) -> tuple[Path, str]:
    return settings["folders.backups"], settings["system.user"] or "the user"


def _asked(
    name: str, settings: Settings, look: Callable[..., looks.Answer], folder: Path, owner: str
) -> Row:
    try:
        return Row(name, *look(settings, lambda question: ask(settings, question)))
    except DatabaseSilent as error:
        return Row(name, False, str(error))
    except OSError as error:
        again = "sudo ocpizza backup" + (" --continuous enable" if look is last_archived else "")
        do = f"sudo ls -lad {folder}, which is to be {owner}’s own, then: {again}"
        return amiss(name, error, do)

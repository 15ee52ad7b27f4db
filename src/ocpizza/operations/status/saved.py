"""Rows about backups: the newest archive, and whether one was seen to be restorable."""

from collections.abc import Callable

from ocpizza.operations.backup import looks
from ocpizza.operations.status.asking import DatabaseSilent, ask
from ocpizza.operations.status.row import Row, amiss
from ocpizza.settings import Settings


def backup(settings: Settings) -> Row:
    """The newest archive."""
    return _asked("backup", settings, looks.last_backup)


def restoration(settings: Settings) -> Row:
    """When an archive was last seen to be one that can be restored."""
    return _asked("restoration", settings, looks.last_restoration)


def _asked(name: str, settings: Settings, look: Callable[..., looks.Answer]) -> Row:
    try:
        return Row(name, *look(settings, lambda question: ask(settings, question)))
    except DatabaseSilent as error:
        return Row(name, False, str(error))
    except OSError as error:
        folder = settings["folders.backups"]
        owner = settings["system.user"] or "the user"
        do = f"sudo ls -lad {folder}, which is to be {owner}’s own, then: sudo ocpizza backup"
        return amiss(name, error, do)

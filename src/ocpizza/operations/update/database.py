"""Step 3, where a component changes the database: saved before, changed in one transaction."""

from pathlib import PurePosixPath

from ocpizza.operations.backup.errors import BackupError, NotCopied
from ocpizza.operations.backup.folder import BackupFolder
from ocpizza.operations.backup.make import back_up
from ocpizza.operations.update import change_content
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.service import runs, tell
from ocpizza.operations.update.under_way import Update, is_script


def not_applied_before(update: Update) -> None:
    """The same SQL twice would raise a price twice, be it brought by another host."""
    known: dict[bytes, PurePosixPath] = {}
    with update.database() as engine, engine.connect() as connection:
        for target, content in update.changes.items():
            if known.setdefault(content, target) != target:
                raise UpdateError(f"{target} says the same as {known[content]}: once is enough")
            applied = change_content.applied_before(connection, content)
            if is_script(target) and applied and not update.again:
                raise UpdateError(
                    f"{target} was run already, on {applied:%Y-%m-%d %H:%M} UTC: "
                    "take it out of the folder, or give --again to run it once more"
                )


def changes_rehearsed(update: Update) -> str | None:
    """All that changes the database is done once, and taken back, while the site sells on."""
    staged = update.releases.staging(str(update.release))
    again = ["--again"] if update.again else []
    return _told(update.ocpizza("change-database", str(staged), "--rehearse", *again))


def backup_made(update: Update) -> str:
    """What the database held, in an archive like any other."""
    with update.database() as engine:
        try:
            made = back_up(
                engine, update.settings, update.host.config, update.stages, kind="update"
            )
        except NotCopied as error:
            update.backup = BackupFolder(update.settings["folders.backups"]).archives()[0]
            return str(error)
        except BackupError as error:
            raise UpdateError(str(error)) from error
    update.backup = made.path
    return str(made.path)


def site_stopped(update: Update) -> str | None:
    """Visitors get the maintenance page, for as long as the database changes."""
    running = runs(update.host)
    update.begin(stopped=running)
    if not running:
        return "it does not run here"
    tell(update.host, "stop")
    return None


def database_changed(update: Update) -> str | None:
    """All of it and the note of it in one transaction, or nothing, in a process of its own."""
    release = update.releases.path(str(update.release))
    again = ["--again"] if update.again else []
    try:
        return _told(update.ocpizza("change-database", str(release), *again))
    finally:
        # Whatever became of that process, the database knows.
        update.content_changed = database_wants(update)


def _told(said: str) -> str | None:
    """Return in one line how much SQL changed: none, or all, is a mistake that runs well."""
    return "; ".join(said.splitlines()) or None


def database_wants(update: Update) -> bool:
    """Whether the database was changed for the release that is to be."""
    if update.release is None:
        return False
    with update.database() as engine, engine.connect() as connection:
        return change_content.belongs(connection, update.release)


EVENTS = (backup_made, site_stopped, database_changed)

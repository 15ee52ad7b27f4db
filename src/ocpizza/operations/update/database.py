"""Step 3, where a component changes the database: saved before, changed in one transaction."""

from ocpizza.operations.backup.errors import BackupError, NotCopied
from ocpizza.operations.backup.make import back_up
from ocpizza.operations.update import change_content
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.service import runs, tell
from ocpizza.operations.update.update import SCRIPT, Update


def not_applied_before(update: Update) -> None:
    """The same SQL twice would raise a price twice, be it brought by another host."""
    with update.database() as engine, engine.connect() as connection:
        for target, content in update.changes.items():
            applied = change_content.applied_before(connection, content)
            if target.suffix[1:] == SCRIPT and applied and not update.again:
                raise UpdateError(
                    f"{target} was run already, on {applied:%Y-%m-%d %H:%M} UTC: "
                    "take it out of the folder, or give --again to run it once more"
                )


def backup_made(update: Update) -> str:
    """What the database held, in an archive like any other."""
    with update.database() as engine:
        try:
            made = back_up(engine, update.settings, update.host.config, update.stages)
        except NotCopied as error:
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


def database_changed(update: Update) -> None:
    """All of it and the note of it in one transaction, or nothing, in a process of its own."""
    release = update.releases.path(update.release)
    try:
        update.host.ocpizza("change-database", str(release), *(["--again"] if update.again else []))
    finally:
        # Whatever became of that process, the database knows.
        update.content_changed = database_wants(update, update.release)


def database_wants(update: Update, release: str) -> bool:
    """Whether the database was changed for this release."""
    with update.database() as engine, engine.connect() as connection:
        return change_content.belongs(connection, release)


EVENTS = (backup_made, site_stopped, database_changed)

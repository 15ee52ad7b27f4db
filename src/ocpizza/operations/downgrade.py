"""Whether an older version of the program could go on with this database."""

from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from ocpizza.db import make_engine, reason
from ocpizza.operations.local_postgresql import server_installed
from ocpizza.operations.migrate import current_revision, scripts


class NoWayBack(RuntimeError):
    """The database is newer than that version, or nobody can tell; the message says what to do."""


def accept_downgrade(url: str, migrations: Path, revision: str) -> None:
    """Raises NoWayBack unless a version that knows schemas up to `revision` could use `url`.

    `migrations` are those of the newer version, installed now. An empty database suits everyone,
    and so does one that was never made. Raises MigrationError where there are no migrations.
    """
    engine = make_engine(url, 1, hurried=True)
    try:
        with engine.connect() as connection:
            current = current_revision(connection)
    except SQLAlchemyError as error:
        if _never_made(error):
            return
        raise NoWayBack(
            f"the database does not answer, so nobody knows which versions suit it: start it "
            f"and try again ({reason(error)})"
        ) from error
    finally:
        engine.dispose()
    if current is not None and current not in _up_to(migrations, revision):
        raise NoWayBack(
            f"the database is at revision {current}, that version knows {revision} and older: "
            "restore a backup made by it, or keep this version"
        )


def _up_to(migrations: Path, revision: str) -> set[str]:
    """`revision` and its ancestors, as far as this version knows them."""
    folder = scripts(migrations)
    if revision not in {script.revision for script in folder.walk_revisions()}:
        return {revision}
    return {script.revision for script in folder.iterate_revisions(revision, "base")}


def _never_made(error: SQLAlchemyError) -> bool:
    """Whether there is no such database, or no PostgreSQL at all on this machine."""
    said = str(getattr(error, "orig", error))
    no_socket = "connection to server on socket" in said and "No such file" in said
    return "does not exist" in said or (no_socket and not server_installed())

"""Bring the database to the schema of this version (or, for tests, back)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, delete, func, insert, inspect, select, text
from sqlalchemy.exc import OperationalError

from ocpizza.models.schema_served import SchemaServed
from ocpizza.operations.lock_holders import WHAT_TO_DO, holders, is_kept_waiting

# Any number, the same for all hosts that share a database.
LOCK = 7_309_402


class MigrationError(RuntimeError):
    """The database cannot be migrated; the message says why."""


def migrate(
    engine: Engine, migrations: Path, target: str = "head"
) -> tuple[str | None, str | None]:
    """Migrate to `target` in one transaction; return the revisions before and after.

    Raises MigrationError when the folder is missing, the database is newer than the program, or
    somebody holds what is to be changed: their names are in the message.
    """
    try:
        with engine.begin() as connection:
            return migrate_within(connection, migrations, target)
    except OperationalError as error:
        if not is_kept_waiting(error):
            raise
        raise MigrationError(f"the database is held by {holders(engine)}: {WHAT_TO_DO}") from error


def migrate_within(
    connection: Connection, migrations: Path, target: str = "head"
) -> tuple[str | None, str | None]:
    """The same within a transaction of somebody else's, who commits it."""
    known = known_revisions(migrations)
    _wait_for_others(connection)
    config = _config(connection, migrations)
    before = current_revision(connection)
    _refuse_unknown(before, known)
    if target == "base":
        command.downgrade(config, target)
    else:
        command.upgrade(config, target)
    after = current_revision(connection)
    _note_served(connection, migrations, after)
    return before, after


def serves(connection: Connection, revision: str | None) -> bool:
    """Return whether a program made for the schema of this revision works with the database."""
    found = current_revision(connection)
    if found is None or found == revision:
        return found is not None
    if not inspect(connection).has_table(SchemaServed.__tablename__):
        return False
    # Its own, too: what the table says must have been said of this schema.
    asked = SchemaServed.revision.in_((found, revision))
    return connection.scalar(select(func.count()).where(asked)) == 2


def served_by(migrations: Path, revision: str) -> list[str]:
    """Return the revisions whose programs go on at this one, newest first.

    Down to what a migration on the way says that it leaves behind: `contracts = "NNNN"` for the
    programs of that revision and before, which need what is gone.
    """
    served, left_behind = [], set()
    for script in scripts(migrations).walk_revisions("base", revision):
        if script.revision in left_behind:
            break
        served.append(script.revision)
        left_behind.add(getattr(script.module, "contracts", None))
    return served


def known_revisions(migrations: Path) -> set[str]:
    """Every schema that this version of the program knows. Raises MigrationError."""
    return {script.revision for script in scripts(migrations).walk_revisions()}


def current_revision(connection: Connection) -> str | None:
    """Return the revision of the database, None where nothing was migrated yet."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision(migrations: Path) -> str | None:
    """Return the revision that this version of the program needs. Raises MigrationError."""
    return scripts(migrations).get_current_head()


def scripts(migrations: Path) -> ScriptDirectory:
    """Return the migrations in a folder. Raises MigrationError where there are none."""
    if not (migrations / "env.py").is_file():
        raise MigrationError(f"no migrations in {migrations}; set database.migrations")
    return ScriptDirectory(str(migrations))


def _wait_for_others(connection: Connection) -> None:
    """One migration at a time, whichever hosts they come from; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        usual = connection.scalar(text("SHOW lock_timeout"))
        # Somebody else's migration may take longer than a statement may wait for a lock.
        connection.execute(text("SET LOCAL lock_timeout = '15min'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
        connection.execute(text(f"SET LOCAL lock_timeout = '{usual}'"))


def _note_served(connection: Connection, migrations: Path, revision: str | None) -> None:
    if revision is None or not inspect(connection).has_table(SchemaServed.__tablename__):
        return
    connection.execute(delete(SchemaServed))
    rows = [{"revision": each} for each in served_by(migrations, revision)]
    connection.execute(insert(SchemaServed), rows)


def _refuse_unknown(revision: str | None, known: set[str]) -> None:
    if revision is not None and revision not in known:
        raise MigrationError(
            f"the database is at revision {revision}, which this version does not know; "
            "install the version that made it"
        )


def _config(connection: Connection, migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config

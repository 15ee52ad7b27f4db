"""Bring the database to the schema of this version (or, for tests, back)."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine


class MigrationError(RuntimeError):
    """The database cannot be migrated; the message says why."""


def migrate(
    engine: Engine, migrations: Path, target: str = "head"
) -> tuple[str | None, str | None]:
    """Migrate to `target` in one transaction; gives the revisions before and after.

    Raises MigrationError when the folder is missing or the database is newer than the program.
    """
    if not (migrations / "env.py").is_file():
        raise MigrationError(f"no migrations in {migrations}; set database.migrations")
    with engine.begin() as connection:
        config = _config(connection, migrations)
        before = current_revision(connection)
        _refuse_unknown(before, config)
        if target == "base":
            command.downgrade(config, target)
        else:
            command.upgrade(config, target)
        return before, current_revision(connection)


def current_revision(connection: Connection) -> str | None:
    """The revision of the database, None where nothing was migrated yet."""
    return MigrationContext.configure(connection).get_current_revision()


def head_revision(migrations: Path) -> str | None:
    """The revision that this version of the program needs."""
    return ScriptDirectory(str(migrations)).get_current_head()


def _refuse_unknown(revision: str | None, config: Config) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
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

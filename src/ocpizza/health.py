"""Whether this process can do its work: it answers, its database answers, the schema is right."""

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated
from pyramid.registry import Registry
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from ocpizza.operations.migrate import MigrationError, head_revision, serves

SCHEMA = "schema_needed"


def unready(registry: Registry) -> str | None:
    """Return why no page could be shown now, in a few words; None when all is well."""
    needed = registry[SCHEMA]
    try:
        with registry["engines"]["read"].connect() as connection:
            found = connection.scalar(text("SELECT version_num FROM alembic_version"))
            if found == needed or serves(connection, needed):
                return None
    except SQLAlchemyError:
        return "the database does not answer, or was never migrated"
    return f"the database is at schema {found}, not {needed}"


def _note_schema(event: ApplicationCreated) -> None:
    registry = event.app.registry
    try:
        registry[SCHEMA] = head_revision(registry.settings["database.migrations"])
    except MigrationError:
        registry[SCHEMA] = None


def includeme(config: Configurator) -> None:
    """Read once at start: an upgrade replaces the migrations before the process that knows them."""
    config.add_subscriber(_note_schema, ApplicationCreated)

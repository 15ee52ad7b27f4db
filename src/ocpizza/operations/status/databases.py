"""Rows about the database: whether it answers and can be written to, and its schema."""

import functools

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from ocpizza.db import reason
from ocpizza.operations.migrate import (
    MigrationError,
    current_revision,
    head_revision,
    known_revisions,
    serves,
)
from ocpizza.operations.status.asking import LOST, DatabaseSilent, ask, ask_writing, what_to_do
from ocpizza.operations.status.row import Row, amiss, fine
from ocpizza.settings import Settings

READ_ONLY, STANDBY, FULL, NOT_ALLOWED = "25006", "a standby", "53100", "42501"
MENDING = {
    STANDBY: "promote it, or name the primary in [database] url of ocpizza.ini",
    READ_ONLY: "set default_transaction_read_only to off where it was set (ALTER SYSTEM, DATABASE "
    "or ROLE … RESET), as PostgreSQL's administrator: sudo -u postgres psql",
    FULL: "make room on its disk; sudo ocpizza status again",
}


def database(settings: Settings) -> Row:
    """Its kind and version, if it answers the service's user and lets it write."""
    try:
        version = ask(settings, _server_version)
        refusal, why = ask_writing(settings, _refuses_to_write)
    except DatabaseSilent as error:
        return Row("database", False, str(error))
    if refusal:
        do = MENDING.get(refusal, what_to_do(settings["database.url"]))
        return amiss("database", f"{version} takes nothing new: {why}", do)
    return fine("database", version)


def migrations(settings: Settings) -> Row:
    """The schema that the database has, and the one that this version needs."""
    folder = settings["database.migrations"]
    try:
        needed, known = head_revision(folder), known_revisions(folder)
        found, served = ask(settings, functools.partial(_schema, needed))
    except DatabaseSilent as error:
        return Row("migrations", False, str(error))
    except MigrationError as error:
        return amiss("migrations", error, "sudo apt install --reinstall ocpizza")
    if found == needed:
        return fine("migrations", f"schema {found}")
    says = f"schema {found}, needed: {needed}"
    if served:
        return fine("migrations", f"{says}, which it still serves")
    if found is None:
        return amiss("migrations", says, LOST)
    return amiss(
        "migrations", says, "sudo ocpizza deploy" if found in known else "sudo apt upgrade"
    )


def _schema(needed: str | None, connection: Connection) -> tuple[str | None, bool]:
    return current_revision(connection), serves(connection, needed)


def _server_version(connection: Connection) -> str:
    numbers = connection.dialect.server_version_info or ()
    return f"{connection.dialect.name} {'.'.join(map(str, numbers))}"


def _refuses_to_write(connection: Connection) -> tuple[str, str]:
    """Return why nothing can be written, by a code and in words; empty where it can.

    SQLite says so when a transaction begins. PostgreSQL does not know that its disk is full until
    a file grows.
    """
    if connection.dialect.name != "postgresql":
        return "", ""
    if connection.scalar(text("SELECT pg_is_in_recovery()")):
        return STANDBY, "it is a standby"
    try:
        connection.execute(text("CREATE TEMPORARY TABLE ocpizza_status AS SELECT 1 AS probe"))
    except DBAPIError as error:
        code = getattr(error.orig, "sqlstate", None) or "unknown"
        # Whoever may have no temporary table has not been refused for want of anything.
        return ("", "") if code == NOT_ALLOWED else (code, reason(error))
    finally:
        connection.rollback()
    return "", ""

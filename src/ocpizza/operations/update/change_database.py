"""What the components of a release change in the database: tables made, SQL run.

In a process of its own, as the service's user for good: the release's Python is imported here.
"""

from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from ocpizza.operations.update.change_content import applied_before, note_change, run_scripts
from ocpizza.operations.update.errors import UpdateError
from ocpizza.operations.update.releases import Releases
from ocpizza.operations.update.under_way import is_script, is_tables
from ocpizza.overlay.build import create_tables
from ocpizza.overlay.errors import OverlayError


def change_database(
    engine: Engine, release: Path, now: datetime, *, again: bool = False, rehearse: bool = False
) -> list[str]:
    """Make what a release brought, all of it and the note of it in one transaction.

    Return how much its SQL changed. Raises UpdateError, with nothing changed; nor is it by those
    who `rehearse`.
    """
    brought = [PurePosixPath(each) for each in Releases.of(release).note(release.name).brought]
    scripts = [target for target in brought if is_script(target)]
    tables = [target for target in brought if is_tables(target)]
    with engine.begin() as connection:
        for target in scripts:
            # Before it is run: of two hosts, one waits here for the other.
            _note(connection, release, target, now, again=again)
        if tables:
            _make_tables(connection, release)
        for target in tables:
            _note(connection, release, target, now, again=True)
        found = {target: (release / target).read_bytes() for target in scripts}
        said = run_scripts(connection, found)
        if rehearse:
            connection.rollback()
    return said


def _note(
    connection: Connection, release: Path, target: PurePosixPath, now: datetime, *, again: bool
) -> None:
    content = (release / target).read_bytes()
    if not again and applied_before(connection, content):
        raise UpdateError(f"{target} was run already")
    try:
        note_change(connection, str(target), content, release.name, now)
    except IntegrityError as error:
        raise UpdateError(f"{target} was run already, by another host just now") from error


def _make_tables(connection: Connection, release: Path) -> None:
    try:
        create_tables(connection, release)
    except OverlayError as error:
        raise UpdateError(str(error)) from error

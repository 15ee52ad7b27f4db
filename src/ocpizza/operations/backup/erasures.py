"""Who was erased, gathered from wherever it is told: this machine's list, archives, databases."""

from collections.abc import Iterable
from pathlib import Path

import structlog
from sqlalchemy import Connection, inspect
from sqlalchemy.orm import Session

from ocpizza.erasure_list import HEADER, MOST_BYTES, NAME, Erased, NotAList, append, parse, read
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.reading import ERASURES, Archive
from ocpizza.services.privacy.erase_again import erased_accounts
from ocpizza.settings import Settings

log = structlog.get_logger()


def to_be_saved(connection: Connection, settings: Settings) -> bytes:
    """Return the list that an archive keeps: this machine's, with what the database adds to it.

    Other hosts list theirs, and a process may have died between its commit and its line. A backup
    is made whatever has become of the list.
    """
    path = _list_of(settings)
    with Session(connection) as session:
        known = has(connection, "erased_at", "account")
        erased = erased_accounts(session) if known else []
    try:
        erased = list(dict.fromkeys([*read(path), *erased]))
        append(path, erased)
    except (OSError, NotAList) as error:
        log.error("the list of erasures is left as it is", reason=str(error))
    return "".join((HEADER, *(f"{one}\n" for one in erased))).encode()


def told(settings: Settings, archive: Archive, given: Iterable[Erased]) -> list[Erased]:
    """Return what this machine, an archive and those `given` tell. Raises BackupError."""
    try:
        here = read(_list_of(settings))
    except NotAList as error:
        raise BackupError(str(error)) from error
    return [*here, *_in_archive(archive), *given]


def remember(settings: Settings, erased: Iterable[Erased]) -> None:
    """Have this machine know from now on. Raises OSError."""
    append(_list_of(settings), erased)


def from_file(content: bytes, name: Path) -> list[Erased]:
    """Return what a file from elsewhere lists, be it one that grew too large for `read`.

    Raises BackupError where that is nothing.
    """
    erased = list(parse(content))
    if not erased and not content.startswith(HEADER.encode()):
        raise BackupError(f"{name} is no list of erasures")
    return erased


def has(connection: Connection, column: str, *tables: str) -> bool:
    """Whether a database is the shop's, of a version that has this column in these tables."""
    inspector = inspect(connection)
    return all(
        inspector.has_table(table)
        and column in {each["name"] for each in inspector.get_columns(table)}
        for table in tables
    )


def _in_archive(archive: Archive) -> list[Erased]:
    member = archive.manifest.members.get(ERASURES)
    if member is None or member.size > MOST_BYTES:
        return []
    return list(parse(b"".join(archive.chunks(ERASURES))))


def _list_of(settings: Settings) -> Path:
    folder: Path = settings["folders.state"]
    return folder / NAME

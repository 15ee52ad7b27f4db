"""`ocpizza restore`: an archive in place of the database, all of it or nothing."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, NamedTuple

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from ocpizza import __version__
from ocpizza.erasure_list import Erased
from ocpizza.models.job import JobRun
from ocpizza.operations.backup import load_postgresql, load_sqlite
from ocpizza.operations.backup.beside import Beside
from ocpizza.operations.backup.contents import contents, differences
from ocpizza.operations.backup.driver import is_damage
from ocpizza.operations.backup.encryption import decrypted
from ocpizza.operations.backup.erasures import has, remember, told
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.folder import BackupFolder
from ocpizza.operations.backup.manifest import Manifest
from ocpizza.operations.backup.overlay import Overlays
from ocpizza.operations.backup.reading import Archive, check
from ocpizza.operations.backup.stages import Stages
from ocpizza.operations.job_runs import know_again, runs_since
from ocpizza.operations.migrate import MigrationError, known_revisions, migrate_within
from ocpizza.services.account.end_again import Usable, end_others, usable
from ocpizza.services.payment.remove_again import AtStripe, at_stripe, remove_again
from ocpizza.services.privacy.erase_again import (
    Erasures,
    erase_again,
    erasures_since,
    listed,
)
from ocpizza.settings import Settings

STAGES = (
    "check the archive",
    "load the database",
    "count and digest the rows",
    "bring it to the schema of this version",
    "erase and end again what has ended since",
    "swap",
    "swap the overlay",
)
# An erasure that was under way when the archive was made bears an earlier time.
MARGIN = timedelta(hours=1)
CARDS = ("stripe_payment_method_id", "saved_card")


@dataclass(frozen=True)
class Restored:
    """What was restored, where the replaced database is kept, and how many were erased again.

    `erased` is None where the replaced database could not tell; `by_list` of them were listed
    outside of it alone.
    """

    manifest: Manifest
    revision: str | None
    previous: str
    erased: int | None
    by_list: int = 0


class Told(NamedTuple):
    """What a replaced database knows of what must not come back."""

    erasures: Erasures = Erasures()
    still: Usable = Usable()
    at_stripe: AtStripe = AtStripe()
    runs: Sequence[JobRun] = ()


def restore(
    engine: Engine,
    settings: Settings,
    file: BinaryIO,
    now: datetime,
    stages: Stages,
    without_service: AbstractContextManager[None] | None = None,
    key: bytes = b"",
    erased: Sequence[Erased] = (),
    alone: AbstractContextManager[None] | None = None,
) -> Restored:
    """Put an archive in place of the database. Raises BackupError, with nothing changed.

    `key` is the private one of an archive that is encrypted. Who is listed as `erased`, there, in
    the archive or on this machine, is erased again. The service is stopped by
    `without_service` for the last moment; without it, nobody may be using the database. Whoever
    has locked the folder of backups says by `alone` that they have.
    """
    folder = BackupFolder(settings["folders.backups"])
    overlays, stamp = Overlays.of(settings), f"{now:%Y%m%d_%H%M%S_%f}"
    with alone or folder.locked(), decrypted(file, folder.path, key) as plain:
        archive = check(plain, stages)
        listed_here = told(settings, archive, erased)
        settle(engine, settings)
        previous = ""
        try:
            with _settled(engine, settings):
                overlays.extract(archive, stamp)
                with (
                    restored_beside(engine, settings, archive, stamp, stages) as (beside, revision),
                    without_service or nullcontext(),
                ):
                    beside.refuse_users()
                    with stages.stage("erase and end again what has ended since"):
                        since = archive.manifest.made_at - MARGIN
                        again, by_list = _catch_up(beside, since, listed(listed_here), now)
                    with stages.stage("swap"):
                        previous = beside.swap()
                    with stages.stage("swap the overlay"):
                        overlays.swap(stamp)
                remember(settings, listed_here)
        except (BackupError, OSError) as error:
            if not previous:
                raise
            raise BackupError(
                f"the database is the archive's now (what it was is kept: {previous}), but: {error}"
            ) from error
    return Restored(archive.manifest, revision, previous, again, by_list)


def settle(engine: Engine, settings: Settings) -> None:
    """End what a restoration that was killed began."""
    loader = load_postgresql if engine.dialect.name == "postgresql" else load_sqlite
    Overlays.of(settings).settle(lambda stamp: loader.swapped(engine, stamp))


@contextmanager
def _settled(engine: Engine, settings: Settings) -> Iterator[None]:
    try:
        yield
    finally:
        settle(engine, settings)


def forget_previous(engine: Engine, settings: Settings) -> list[str]:
    """Drop what restorations replaced; return what it was called."""
    loader = load_postgresql if engine.dialect.name == "postgresql" else load_sqlite
    with BackupFolder(settings["folders.backups"]).locked():
        settle(engine, settings)
        Overlays.of(settings).forget_previous()
        names: list[str] = loader.forget_previous(engine)
        return names


@contextmanager
def restored_beside(
    engine: Engine, settings: Settings, archive: Archive, stamp: str, stages: Stages
) -> Iterator[tuple[Beside, str | None]]:
    """An archive's database at the schema of this version, and that schema; nobody sees it yet."""
    manifest, migrations = archive.manifest, settings["database.migrations"]
    _refuse_other_kind(manifest, engine.dialect.name)
    with _one_kind_of_error():
        _refuse_newer(manifest, known_revisions(migrations))
    beside = load_postgresql.beside if manifest.kind == "postgresql" else load_sqlite.beside
    with beside(engine, archive, stamp, stages) as found:
        wrong = differences(manifest.tables, contents(found.restored, stages))
        if wrong:
            raise BackupError(f"{wrong[0]}; nothing was changed: take another archive")
        with stages.stage("bring it to the schema of this version"), _one_kind_of_error():
            _, revision = migrate_within(found.restored, migrations)
        yield found, revision


@contextmanager
def _one_kind_of_error() -> Iterator[None]:
    try:
        yield
    except MigrationError as error:
        raise BackupError(str(error)) from error


def _refuse_other_kind(manifest: Manifest, kind: str) -> None:
    if manifest.kind != kind:
        raise BackupError(
            f"the archive holds a database of {manifest.kind}, database.url names one of {kind}"
        )


def _refuse_newer(manifest: Manifest, known: set[str]) -> None:
    newer = manifest.revision is not None and manifest.revision not in known
    if newer or _numbers(manifest.version) > _numbers(__version__):
        raise BackupError(
            f"the archive was made by version {manifest.version} (schema {manifest.revision}), "
            f"this is {__version__}: install that version first"
        )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdecimal()]


def _catch_up(
    beside: Beside, since: datetime, listed: Erasures, now: datetime
) -> tuple[int | None, int]:
    """Erase who was erased and end what ended since the archive; return how many were erased.

    None where a replaced database cannot be read, be it damaged: then nobody knows of all. And how
    many of them only a list told.
    """
    # Who was erased before an archive without them was restored is known to older ones alone.
    looks = [_told_by(look, since) for look in beside.replaced()]
    erasures = Erasures()
    for known in filter(None, looks):
        erasures |= known.erasures
    # Sessions and cards are those of the one that is replaced now.
    newest = looks[0] or Told()
    with Session(beside.restored, join_transaction_mode="create_savepoint") as session:
        erased = erase_again(session, erasures, now)
        by_list = erase_again(session, listed, now)
        end_others(session, newest.still, now)
        remove_again(session, newest.at_stripe, now)
        # That of this archive, too: it was noted once it was made.
        know_again(session, newest.runs)
        session.commit()
    return None if None in looks else erased + by_list, by_list


def _told_by(look: AbstractContextManager[Connection | None], since: datetime) -> Told | None:
    """What a replaced database knows, None where it cannot be read."""
    erasures, still, stripe, runs = Told()
    try:
        with look as seen:
            if seen is not None:
                with seen.begin_nested(), Session(seen) as session:
                    if has(seen, "erased_at", "account", "orders"):
                        erasures = erasures_since(session, since)
                    if has(seen, "sha256", "sign_in_session", "account_token"):
                        knows = has(seen, "account_id", "second_factor", "recovery_code")
                        chosen = has(seen, "code_hash", "quick_code")
                        still = usable(session, factors=knows, codes=chosen)
                    if has(seen, "stripe_id", "stripe_removal") and has(seen, *CARDS):
                        stripe = at_stripe(session)
                    if has(seen, "succeeded", "job_run"):
                        runs = runs_since(session, since)
    except DatabaseError as error:
        if not is_damage(error):
            raise
        return None
    return Told(erasures, still, stripe, runs)

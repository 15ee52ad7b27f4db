"""Commands that save all the shop knows, and bring it back."""

import re
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ocpizza.cli.common import config_path, database, one_line, pass_settings_as_root
from ocpizza.cli.continuous import SWITCHES, restore_at
from ocpizza.cli.told import Told
from ocpizza.operations.backup.errors import BackupError, NotCopied
from ocpizza.operations.privileges import NotRoot, acting_as, become, require_root
from ocpizza.settings import SettingError, Settings

if TYPE_CHECKING:
    from ocpizza.erasure_list import Erased
    from ocpizza.operations.backup.restore import Restored

MEGABYTE = 1e6
CLOCK = re.compile(r"\d\d:\d\d\S*")
# For ocpizza-backup.service, which tries anything else again.
NOT_COPIED = 4


@click.command(short_help="Write all that the shop knows into one archive.")
@click.option("--wait", is_flag=True, help="Wait for another job that is at work.")
@click.option(
    "--continuous",
    type=click.Choice([*SWITCHES]),
    help="Have pgbackrest keep all that PostgreSQL commits, for any moment to be restored. The "
    "first time, PostgreSQL is started anew: seconds for all of its databases.",
)
@pass_settings_as_root
def backup(settings: Settings, wait: bool, continuous: str | None) -> None:
    """Write database, settings and overlay into one archive, while the site goes on."""
    if continuous is None:
        _back_up(settings, wait)
    elif wait:
        raise click.UsageError("--wait is for an archive")
    else:
        with one_line(BackupError, NotRoot, SettingError, OSError):
            require_root(f"backup --continuous {continuous}")
            SWITCHES[continuous](settings)


def _back_up(settings: Settings, wait: bool) -> None:
    from ocpizza.operations.backup.make import back_up
    from ocpizza.operations.job_runs import BACKUP

    with one_line(SettingError):
        become(settings["system.user"])
    with one_line(BackupError, OSError), database(settings) as engine:
        try:
            made = back_up(engine, settings, config_path(), Told(), wait=wait, noted_as=BACKUP)
        except NotCopied as error:
            click.echo(f"Error: {error}", err=True)
            raise click.exceptions.Exit(NOT_COPIED) from error
    for path in made.forgotten:
        click.echo(f"forgotten: {path}")
    rows = sum(table.rows for table in made.manifest.tables.values())
    click.echo(f"{made.path} ({made.size / MEGABYTE:.1f} MB, {rows} rows, checked)")


@click.command(short_help="Put an archive in place of the database.")
@click.argument("archive", required=False, type=click.Path(path_type=Path))
@click.option(
    "--at",
    metavar="MOMENT",
    help="Instead of ARCHIVE: a moment of continuous backup, such as '2026-11-28 20:14' in Paris.",
)
@click.option("--stop", is_flag=True, help="Stop the service for the last moment, then start it.")
@click.option("--drill", is_flag=True, help="Only try it, with the newest archive, and note it.")
@click.option("--wait", is_flag=True, help="With --drill: wait for another job that is at work.")
@click.option(
    "--identity", type=click.Path(path_type=Path), help="The private key of an encrypted archive."
)
@click.option(
    "--erasures",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A list of erasures, of a machine that was lost, or of another host.",
)
@click.option("--forget-previous", is_flag=True, help="Drop what restorations replaced.")
@pass_settings_as_root
def restore(
    settings: Settings,
    archive: Path | None,
    at: str | None,
    stop: bool,
    drill: bool,
    wait: bool,
    identity: Path | None,
    erasures: tuple[Path, ...],
    forget_previous: bool,
) -> None:
    """Put ARCHIVE in place of the database: all of it, or nothing changes.

    What is replaced is kept until --forget-previous. The site must be stopped, or --stop be given.
    """
    if wait and not drill:
        raise click.UsageError("--wait is for --drill")
    if erasures and archive is None and at is None:
        raise click.UsageError("--erasures is for an archive, or for --at")
    if at is not None and archive is not None and CLOCK.fullmatch(str(archive)):
        raise click.UsageError(f"put the moment between quotation marks: --at '{at} {archive}'")
    if [archive is not None, at is not None, drill, forget_previous].count(True) != 1:
        raise click.UsageError("name an archive, or give --at, --drill or --forget-previous alone")
    with one_line(BackupError, NotRoot, SettingError, OSError):
        # While we are still whoever may read it.
        key = identity.read_bytes() if identity else b""
        if archive is not None:
            _restore(settings, archive, stop, key, erasures)
        elif at is not None:
            require_root("restore --at")
            _tell(restore_at(settings, at, _without_service(stop), _listed(erasures)))
        elif drill:
            _drill(settings, key, wait)
        else:
            _forget_previous(settings)


def _restore(
    settings: Settings, path: Path, stop: bool, key: bytes, erasures: tuple[Path, ...]
) -> None:
    from ocpizza.operations.backup.restore import restore as run

    without, erased = _without_service(stop), _listed(erasures)
    # Where root alone may read it.
    with path.open("rb") as file, acting_as(settings["system.user"]), database(settings) as engine:
        _tell(run(engine, settings, file, datetime.now(UTC), Told(), without, key, erased))


def _listed(erasures: tuple[Path, ...]) -> "list[Erased]":
    """Who is erased by these lists, which root alone may read."""
    from ocpizza.operations.backup.erasures import from_file

    return [one for list_ in erasures for one in from_file(list_.read_bytes(), list_)]


def _without_service(stop: bool) -> AbstractContextManager[None] | None:
    """What stops the service for the last moment; without it, it must be stopped already."""
    from ocpizza.operations.backup import service

    if not stop:
        service.refuse_running()
        return None
    require_root("restore --stop")
    service.require_systemd()
    return service.stopped()


def _tell(done: "Restored") -> None:
    made = done.manifest
    click.echo(f"restored: {made.made_at:%Y-%m-%d %H:%M:%S} UTC, version {made.version}")
    if made.revision != done.revision:
        click.echo(f"schema {made.revision}, now {done.revision}")
    if done.erased:
        click.echo(f"erased again, as they were since: {done.erased}")
    if done.erased is None:
        click.echo(
            "the replaced database cannot be read; erased again, as lists say: "
            f"{done.by_list}. Erase again who else was erased since"
        )
    click.echo(f"kept until `ocpizza restore --forget-previous`: {done.previous}")


def _drill(settings: Settings, key: bytes, wait: bool) -> None:
    from ocpizza.operations.backup.age import told
    from ocpizza.operations.backup.drill import drill as run

    with acting_as(settings["system.user"]), database(settings) as engine:
        held = run(engine, settings, datetime.now(UTC), Told(), key, wait=wait)
    seconds = held.took.total_seconds()
    click.echo(f"{held.archive} can be restored: {seconds:.0f} s, data {told(held.age)} old")


def _forget_previous(settings: Settings) -> None:
    from ocpizza.operations.backup.restore import forget_previous as run

    with acting_as(settings["system.user"]), database(settings) as engine:
        names = run(engine, settings)
    for name in names:
        click.echo(f"forgotten: {name}")
    if not names:
        click.echo("nothing is kept")

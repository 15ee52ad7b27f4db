"""Commands that save all the shop knows, and bring it back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click

from ocpizza.cli.common import (
    config_path,
    database,
    one_line,
    pass_settings,
    pass_settings_as_root,
)
from ocpizza.operations.backup.errors import BackupError, NotCopied
from ocpizza.operations.backup.stages import Advance, Stages
from ocpizza.operations.privileges import NotRoot, acting_as, require_root
from ocpizza.operations.screen import Screen
from ocpizza.settings import SettingError, Settings

MEGABYTE = 1e6
# For ocpizza-backup.service, which tries anything else again.
NOT_COPIED = 4


class Told(Stages):
    """A bar for a terminal, a plain line for a log; nothing where nobody looks on any more."""

    def __init__(self) -> None:
        self.say = Screen(click.echo)

    @contextmanager
    def stage(self, name: str, length: int = 0) -> Iterator[Advance]:
        if not (length and sys.stdout.isatty()):
            self.say(f"{name} …")
            yield lambda: None
            return
        with click.progressbar(length=length, label=name) as bar:
            yield lambda: bar.update(1)


@click.command(short_help="Write all that the shop knows into one archive.")
@click.option("--wait", is_flag=True, help="Wait for another job that is at work.")
@pass_settings
def backup(settings: Settings, wait: bool) -> None:
    """Write database, settings and overlay into one archive, while the site goes on."""
    from ocpizza.operations.backup.make import back_up

    with one_line(BackupError, OSError), database(settings) as engine:
        try:
            made = back_up(engine, settings, config_path(), Told(), wait=wait)
        except NotCopied as error:
            click.echo(f"Error: {error}", err=True)
            raise click.exceptions.Exit(NOT_COPIED) from error
    for path in made.forgotten:
        click.echo(f"forgotten: {path}")
    rows = sum(table.rows for table in made.manifest.tables.values())
    click.echo(f"{made.path} ({made.size / MEGABYTE:.1f} MB, {rows} rows, checked)")


@click.command(short_help="Put an archive in place of the database.")
@click.argument("archive", required=False, type=click.Path(path_type=Path))
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
    if erasures and archive is None:
        raise click.UsageError("--erasures is for an archive")
    if [archive is not None, drill, forget_previous].count(True) != 1:
        raise click.UsageError("name an archive, or give --drill or --forget-previous alone")
    with one_line(BackupError, NotRoot, SettingError, OSError):
        # While we are still whoever may read it.
        key = identity.read_bytes() if identity else b""
        if archive is not None:
            _restore(settings, archive, stop, key, erasures)
        elif drill:
            _drill(settings, key, wait)
        else:
            _forget_previous(settings)


def _restore(
    settings: Settings, path: Path, stop: bool, key: bytes, erasures: tuple[Path, ...]
) -> None:
    from ocpizza.operations.backup import service
    from ocpizza.operations.backup.erasures import from_file
    from ocpizza.operations.backup.restore import restore as run

    if stop:
        require_root("restore --stop")
        service.require_systemd()
    else:
        service.refuse_running()
    erased = [one for list_ in erasures for one in from_file(list_.read_bytes(), list_)]
    # Where root alone may read it.
    with path.open("rb") as file, acting_as(settings["system.user"]), database(settings) as engine:
        without = service.stopped() if stop else None
        done = run(engine, settings, file, datetime.now(UTC), Told(), without, key, erased)
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

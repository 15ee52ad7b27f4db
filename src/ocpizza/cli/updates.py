"""Commands that put components over the program's own, and go back."""

import signal
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
from ocpizza.cli.told import Told
from ocpizza.operations.privileges import NotRoot, acting_as, require_root
from ocpizza.settings import SettingError, Settings

SIGNALS = (signal.SIGHUP, signal.SIGTERM)


@contextmanager
def ended_in_order() -> Iterator[None]:
    """A session that is lost, or a machine that stops, ends it as Ctrl-C does: by going back."""

    def end(*_: object) -> None:
        for each in SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        sys.exit(1)

    before = {each: signal.signal(each, end) for each in SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@click.command(short_help="Put components over the program's own, or go back.")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Check it all and try it; put nothing in place.")
@click.option("--again", is_flag=True, help="Run SQL once more that was run before.")
@click.option(
    "--list",
    "listed",
    is_flag=True,
    help="Say what each of the last updates brought; * is in place.",
)
@click.option("--rollback", is_flag=True, help="Go back to the release before, files only.")
@click.option(
    "--remove",
    multiple=True,
    metavar="COMPONENT",
    help="Take it away, such as city_001/historic.py; may be given several times.",
)
@click.option("--resume", is_flag=True, help="Finish, or undo, an update that was interrupted.")
@pass_settings_as_root
def update(
    settings: Settings,
    folder: Path | None,
    remove: tuple[str, ...],
    dry_run: bool,
    again: bool,
    listed: bool,
    rollback: bool,
    resume: bool,
) -> None:
    """Put the components that FOLDER's controller.ini lists in place: all of them, or nothing.

    The folder must belong to root, and nobody else may write to it: its Python runs in the shop.
    """
    if [folder is not None, bool(remove), listed, rollback, resume].count(True) != 1:
        raise click.UsageError(
            "name a folder, or give --list, --rollback, --remove or --resume alone"
        )
    if folder is None and (dry_run or again):
        raise click.UsageError("--dry-run and --again are about a folder")
    from ocpizza.operations import update as run
    from ocpizza.operations.deploy.host import Failed, Host

    with ended_in_order(), one_line(NotRoot, SettingError, Failed, OSError):
        if listed:
            _list(settings)
            return
        if settings["system.user"]:
            require_root("update" + (f" {folder}" if folder else ""))
        host, now = Host(settings, config_path().resolve()), datetime.now(UTC)
        if resume:
            done = run.resume(host, now, click.echo)
        elif rollback:
            done = run.roll_back(host, now, click.echo)
        elif folder is None:
            done = run.remove(host, remove, now, click.echo)
        else:
            done = run.update(host, folder, now, click.echo, Told(), dry_run=dry_run, again=again)
        sys.exit(done)


def _list(settings: Settings) -> None:
    from ocpizza.operations.update.releases import Releases
    from ocpizza.operations.update.rollback import lines

    with acting_as(settings["system.user"]):
        for line in lines(Releases(settings["folders.overlay"])):
            click.echo(line)


@click.command("try-release", short_help="Start the application with a release; update does this.")
@click.argument("release", type=click.Path(path_type=Path))
@pass_settings
def try_release(settings: Settings, release: Path) -> None:
    """Start the application with RELEASE, and look at its pages; what an update does first."""
    from ocpizza.operations.update.errors import UpdateError
    from ocpizza.operations.update.trial import try_release as run

    with one_line(UpdateError, SettingError):
        click.echo(f"{run(settings, release)} pages")


@click.command(
    "change-database", short_help="Make a release's tables, run its SQL; update does this."
)
@click.argument("release", type=click.Path(path_type=Path))
@click.option("--again", is_flag=True, help="Run SQL once more that was run before.")
@click.option("--rehearse", is_flag=True, help="Take all of it back at the end.")
@pass_settings
def change_database(settings: Settings, release: Path, again: bool, rehearse: bool) -> None:
    """Make the tables and run the SQL that RELEASE brought; what an update does by itself."""
    from ocpizza.operations.update.change_database import change_database as run
    from ocpizza.operations.update.errors import UpdateError

    with one_line(UpdateError), database(settings) as engine:
        for line in run(engine, release, datetime.now(UTC), again=again, rehearse=rehearse):
            click.echo(line)

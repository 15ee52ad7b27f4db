"""Commands that save all the shop knows, and bring it back."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ocpizza.cli.common import config_path, database, one_line, pass_settings
from ocpizza.operations.backup.errors import BackupError
from ocpizza.operations.backup.stages import Advance, Stages
from ocpizza.settings import Settings

MEGABYTE = 1e6


class Told(Stages):
    """A bar for a terminal, a plain line for a log."""

    @contextmanager
    def stage(self, name: str, length: int = 0) -> Iterator[Advance]:
        if not (length and sys.stdout.isatty()):
            click.echo(f"{name} …")
            yield lambda: None
            return
        with click.progressbar(length=length, label=name) as bar:
            yield lambda: bar.update(1)


@click.command()
@pass_settings
def backup(settings: Settings) -> None:
    """Write database, settings and overlay into one archive, while the site goes on."""
    from ocpizza.operations.backup.make import back_up

    with one_line(BackupError), database(settings) as engine:
        made = back_up(engine, settings, config_path(), Told())
    for path in made.forgotten:
        click.echo(f"forgotten: {path}")
    rows = sum(table.rows for table in made.manifest.tables.values())
    click.echo(f"{made.path} ({made.size / MEGABYTE:.1f} MB, {rows} rows, checked)")

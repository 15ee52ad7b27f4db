"""The command that the morning's timer runs."""

from datetime import UTC, datetime

import click

from ocpizza.cli.common import database, one_line, pass_settings
from ocpizza.cli.told import Told
from ocpizza.operations.backup.errors import BackupError
from ocpizza.settings import Settings


@click.command("cyclic-update", short_help="Do what is due every day, bring what production sells.")
@click.argument("restaurant", required=False)
@pass_settings
def cyclic_update(settings: Settings, restaurant: str | None) -> None:
    """Do what is due every day, and bring what is sold from cyclic_update.source.

    With RESTAURANT, a code, what is of that restaurant.

    Exit status 1 when a part of it failed: it is named, the others are done.
    """
    from ocpizza.operations.cyclic_update.run import NoSuchRestaurant, update
    from ocpizza.security_log import act_as, by_itself

    act_as(by_itself)
    with one_line(BackupError, NoSuchRestaurant), database(settings) as engine:
        parts = update(engine, settings, restaurant, datetime.now(UTC), Told())
    for part in parts:
        click.echo(f"Error: {part}" if part.error else str(part), err=bool(part.error))
    if not any(part.error or part.changes for part in parts):
        click.echo("nothing changed")
    if any(part.error for part in parts):
        raise click.exceptions.Exit(1)

"""Commands on online payments."""

from datetime import UTC, datetime

import click

from ocpizza.cli.common import database, one_line, pass_settings
from ocpizza.settings import Settings


@click.group()
def payments() -> None:
    """Online payments."""


@payments.command("reconcile")
@pass_settings
def reconcile(settings: Settings) -> None:
    """Bring every online payment in line with Stripe and print what changed."""
    from ocpizza.payments import make_gateway
    from ocpizza.payments.reconcile import StripeSilent
    from ocpizza.payments.reconcile import reconcile as run

    changes = 0
    with database(settings) as engine, one_line(StripeSilent):
        for line in run(engine, make_gateway(settings), datetime.now(UTC)):
            click.echo(line)
            changes += 1
    click.echo(f"{changes} changes" if changes else "every payment is as Stripe says")

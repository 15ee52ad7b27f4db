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
    from ocpizza.payments.reconcile import Line, StripeSilent
    from ocpizza.payments.reconcile import reconcile as run

    gateway = make_gateway(settings)
    lines: list[Line] = []
    with database(settings) as engine, one_line(StripeSilent):
        for line in run(engine, gateway, datetime.now(UTC)):
            click.echo(line.text)
            lines.append(line)
    if lines:
        click.echo(f"{sum(bool(line.changed) for line in lines)} changes")
    elif gateway.available:
        click.echo("every payment is as Stripe says")
    else:
        click.echo("no keys of Stripe are set, and no payment waits for them")

"""Commands on the database."""

from datetime import UTC, datetime

import click

from ocpizza.cli.common import database, database_session, one_line, pass_settings
from ocpizza.cli.told import Bar
from ocpizza.settings import SettingError, Settings


@click.command()
@pass_settings
def migrate(settings: Settings) -> None:
    """Bring the database to the schema of this version."""
    from ocpizza.operations.migrate import MigrationError
    from ocpizza.operations.migrate import migrate as run

    with database(settings) as engine, one_line(MigrationError):
        before, after = run(engine, settings["database.migrations"])
    click.echo(f"schema {after}" + (" (unchanged)" if before == after else ""))


@click.command(
    "accept-downgrade", short_help="Say whether another version could use this database."
)
@click.argument("revision")
@pass_settings
def accept_downgrade(settings: Settings, revision: str) -> None:
    """Fail where a version whose schema is REVISION could not use this database."""
    from ocpizza.operations.downgrade import NoWayBack
    from ocpizza.operations.downgrade import accept_downgrade as run
    from ocpizza.operations.migrate import MigrationError

    with one_line(NoWayBack, MigrationError, SettingError):
        run(settings["database.url"], settings["database.migrations"], revision)


@click.command("demo-data", short_help="Fill an empty database with the demo chain.")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is data already.")
@click.option(
    "--weeks",
    type=click.IntRange(0, 52),
    default=0,
    show_default=True,
    help="With so many weeks of past orders.",
)
@pass_settings
def demo_data(settings: Settings, if_empty: bool, weeks: int) -> None:
    """Fill an empty database with the demo chain and print its staff's sign-ins."""
    from ocpizza.operations.demo_data import PASSWORD, NotEmpty, demo_sign_ins, load_demo_data
    from ocpizza.operations.demo_weeks import begin_weeks, load_demo_weeks

    try:
        with database_session(settings) as session:
            now = datetime.now(UTC)
            since = begin_weeks(now, weeks) if weeks else now
            load_demo_data(session, since)
            if weeks:
                load_demo_weeks(session, since, now)
    except NotEmpty as error:
        if not if_empty:
            raise click.ClickException(str(error)) from error
    click.echo(f"Demo staff (password « {PASSWORD} »), at /connexion:")
    for identifier, role, restaurant in demo_sign_ins():
        click.echo(f"  {identifier:24} {role:10} {restaurant}")


@click.command("demo-code", short_help="Print the codes that the demo's managers sign in with.")
@pass_settings
def demo_code(settings: Settings) -> None:
    """Print the code of the moment of each demo account that asks for one beside its password.

    Accounts whose owner has set up an application of their own are not among them.
    """
    from ocpizza.domain.totp import SECONDS
    from ocpizza.operations.demo_data import demo_codes

    now = datetime.now(UTC)
    with database_session(settings) as session:
        codes = demo_codes(session, now)
    if not codes:
        raise click.ClickException("nobody here signs in with a code of the demo's")
    for identifier, code in codes:
        left = SECONDS - int(now.timestamp()) % SECONDS
        click.echo(
            f"{identifier}: code {code} for {left} s more; `ocpizza demo-code` gives the next"
        )


@click.command(short_help="Recompute every sum that must hold.")
@pass_settings
def check(settings: Settings) -> None:
    """Recompute every sum that must hold; exit status 1 when something does not fit."""
    from ocpizza.operations.check import RULES, check_database

    found = 0
    with database(settings) as engine, Bar("recompute every sum", len(RULES)) as bar:
        for problem in check_database(engine, bar.advance):
            found += 1
            bar.clear()
            click.echo(problem)
    if found:
        raise click.ClickException(f"{found} things do not add up")
    click.echo("everything adds up")

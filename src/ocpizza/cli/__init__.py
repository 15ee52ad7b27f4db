"""The `ocpizza` command: parse, call, report."""

from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ocpizza import __version__
from ocpizza.db import make_engine
from ocpizza.settings import SettingError, load_settings

DEFAULT_CONFIG = "/etc/ocpizza/ocpizza.ini"


@click.group()
@click.version_option(__version__, prog_name="ocpizza")
@click.option(
    "--config",
    envvar="OCPIZZA_CONFIG",
    default=DEFAULT_CONFIG,
    show_default=True,
    type=click.Path(path_type=Path),
    help="Settings file.",
)
@click.pass_context
def main(context: click.Context, config: Path) -> None:
    """Web shop and central manager of the OC Pizza restaurants."""
    try:
        context.obj = load_settings(config)
    except SettingError as error:
        raise click.ClickException(str(error)) from error


@contextmanager
def database(settings):
    """The engine; a database that fails is one clear line."""
    try:
        engine = make_engine(settings["database.url"], 1)
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    try:
        yield engine
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise click.ClickException(f"the database answers: {reason}") from error
    finally:
        engine.dispose()


@contextmanager
def database_session(settings):
    """A session committed at the end."""
    with database(settings) as engine, Session(engine) as session, session.begin():
        yield session


@main.command()
@click.pass_obj
def serve(settings) -> None:
    """Serve the shop with waitress, for development."""
    import waitress

    from ocpizza import main as make_application

    try:
        application = make_application(settings)
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"OC Pizza: http://{settings['server.listen']}")
    try:
        waitress.serve(application, listen=settings["server.listen"], threads=8, ident=None)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"cannot listen on {settings['server.listen']}: {reason}"
        raise click.ClickException(message) from error


@main.command()
@click.pass_obj
def migrate(settings) -> None:
    """Bring the database to the schema of this version."""
    from ocpizza.operations.migrate import MigrationError
    from ocpizza.operations.migrate import migrate as run

    with database(settings) as engine:
        try:
            before, after = run(engine, settings["database.migrations"])
        except MigrationError as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"schema {after}" + (" (unchanged)" if before == after else ""))


@main.command("demo-data")
@click.option("--if-empty", is_flag=True, help="Do nothing where there is data already.")
@click.pass_obj
def demo_data(settings, if_empty: bool) -> None:
    """Fill an empty database with the demo chain and print its staff's sign-ins."""
    from ocpizza.operations.demo_data import PASSWORD, NotEmpty, demo_sign_ins, load_demo_data

    try:
        with database_session(settings) as session:
            load_demo_data(session, datetime.now(UTC))
    except NotEmpty:
        if not if_empty:
            message = "the database already holds restaurants; demo data needs an empty one"
            raise click.ClickException(message) from None
    click.echo(f"Demo staff (password « {PASSWORD} »), at /connexion:")
    for identifier, role, restaurant in demo_sign_ins():
        click.echo(f"  {identifier:24} {role:10} {restaurant}")


@main.command()
@click.pass_obj
def check(settings) -> None:
    """Recompute every sum that must hold; exit status 1 when something does not fit."""
    from ocpizza.operations.check import check as find_problems

    with database_session(settings) as session:
        problems = find_problems(session)
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} things do not add up")
    click.echo("everything adds up")


if __name__ == "__main__":
    main()

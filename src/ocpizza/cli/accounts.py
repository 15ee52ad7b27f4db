"""Commands on people."""

import sys
from datetime import UTC, datetime

import click

from ocpizza.cli.common import database_session, one_line, pass_settings
from ocpizza.settings import Settings


@click.command("create-manager")
@click.option("--identifier", prompt="Identifier", help="What he signs in with.")
@click.option("--first-name", prompt="First name")
@click.option("--last-name", prompt="Last name")
@click.option("--generate", is_flag=True, help="Make a password and print it, once.")
@pass_settings
def create_manager(
    settings: Settings, identifier: str, first_name: str, last_name: str, generate: bool
) -> None:
    """Create an account that manages the whole group.

    The password is asked for twice, or read from a line of standard input where that is no
    terminal.
    """
    from ocpizza.domain.passwords import WeakPassword, new_password
    from ocpizza.services.create_manager import Refused
    from ocpizza.services.create_manager import create_manager as run

    password = new_password() if generate else _ask_password()
    with one_line(Refused, WeakPassword), database_session(settings) as session:
        account = run(session, identifier, first_name, last_name, password, datetime.now(UTC))
        name, identifier = account.full_name, account.identifier
    click.echo(f"{name} signs in as « {identifier} » at /connexion")
    if generate:
        click.echo(f"password: {password}")


def _ask_password() -> str:
    if sys.stdin.isatty():
        return click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return sys.stdin.readline().rstrip("\r\n")

"""Commands on people."""

import sys
from datetime import UTC, datetime

import click

from ocpizza.cli.common import database_session, one_line, pass_settings
from ocpizza.settings import Settings


@click.command("create-manager")
@click.option("--identifier", help="What they sign in with.")
@click.option("--first-name", help="Their first name.")
@click.option("--last-name", help="Their last name.")
@click.option("--generate", is_flag=True, help="Make a password and print it, once.")
@pass_settings
def create_manager(
    settings: Settings,
    identifier: str | None,
    first_name: str | None,
    last_name: str | None,
    generate: bool,
) -> None:
    """Create an account that manages the whole group.

    What is not given is asked for. The password is asked for twice, or read from a line of
    standard input where that is no terminal.
    """
    from ocpizza.domain.passwords import WeakPassword, new_password
    from ocpizza.services.account.create_manager import InvalidManager, NewManager
    from ocpizza.services.account.create_manager import create_manager as run

    # Nobody answers questions of a command that cannot do it then.
    identifier = identifier if identifier is not None else click.prompt("Identifier")
    first_name = first_name if first_name is not None else click.prompt("First name")
    last_name = last_name if last_name is not None else click.prompt("Last name")
    password = new_password() if generate else _ask_password()
    with one_line(InvalidManager, WeakPassword), database_session(settings) as session:
        manager = NewManager(identifier, first_name, last_name, password)
        account = run(session, manager, datetime.now(UTC))
        name, signs_in_as = account.full_name, account.identifier
    click.echo(f"{name} signs in as « {signs_in_as} » at /connexion")
    if generate:
        click.echo(f"password: {password}")


@click.command("erase-account", short_help="Erase a customer's account, for good.")
@click.argument("identifier")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@pass_settings
def erase_account(settings: Settings, identifier: str, yes: bool) -> None:
    """Erase a customer's account and the person in their orders, for good (GDPR, art. 17).

    IDENTIFIER is their e-mail address or identifier. Ask whoever writes or calls for a proof first.
    """
    from ocpizza.services.privacy.erase_account import NoAccount, StaffAccount, erase_account_of
    from ocpizza.services.privacy.erase_orders import StillRunning

    if not yes:
        click.confirm(f"Erase the account « {identifier} » for good?", abort=True)
    refusals = (NoAccount, StaffAccount, StillRunning)
    with one_line(*refusals), database_session(settings) as session:
        orders = erase_account_of(session, identifier, datetime.now(UTC))
    click.echo(f"erased; orders without their customer: {orders}")


def _ask_password() -> str:
    if sys.stdin.isatty():
        return click.prompt("Password", hide_input=True, confirmation_prompt="The same again")
    return sys.stdin.readline().rstrip("\r\n")

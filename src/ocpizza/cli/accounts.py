"""Commands on people."""

import sys
from datetime import UTC, datetime

import click

from ocpizza.cli.common import database_session, one_line, pass_settings
from ocpizza.settings import Settings


@click.command("create-manager", short_help="Create a manager of the whole group.")
@click.option("--identifier", help="What they sign in with.")
@click.option("--first-name", help="Their first name.")
@click.option("--last-name", help="Their last name.")
@click.option("--generate", is_flag=True, help="Make a password and print it, once.")
@click.option("--reset", is_flag=True, help="Let one who exists in again: a new password.")
@pass_settings
def create_manager(
    settings: Settings,
    identifier: str | None,
    first_name: str | None,
    last_name: str | None,
    generate: bool,
    reset: bool,
) -> None:
    """Create an account that manages the whole group, or let one in again.

    What is not given is asked for. The password is asked for twice, or read from a line of
    standard input where that is no terminal. With --reset a manager of the group who cannot get in
    any more has a new password, is reactivated, and signed out everywhere.
    """
    from ocpizza.domain.passwords import WeakPassword, new_password
    from ocpizza.services.account.create_manager import InvalidManager, NewManager
    from ocpizza.services.account.create_manager import create_manager as run
    from ocpizza.services.account.reset_manager import reset_manager

    if reset and (first_name is not None or last_name is not None):
        raise click.UsageError("--reset changes no name")
    # Nobody answers questions of a command that cannot do it then.
    identifier = identifier if identifier is not None else click.prompt("Identifier")
    if not reset:
        first_name = first_name if first_name is not None else click.prompt("First name")
        last_name = last_name if last_name is not None else click.prompt("Last name")
    password = new_password() if generate else _ask_password()
    with one_line(InvalidManager, WeakPassword), database_session(settings) as session:
        now = datetime.now(UTC)
        if reset:
            account = reset_manager(session, identifier, password, now)
        else:
            manager = NewManager(identifier, first_name or "", last_name or "", password)
            account = run(session, manager, now)
        name, signs_in_as = account.full_name, account.identifier or account.email
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

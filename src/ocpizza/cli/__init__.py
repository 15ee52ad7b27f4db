"""The `ocpizza` command: parse, call, report."""

from pathlib import Path

import click

from ocpizza import __version__
from ocpizza.cli.accounts import create_manager, erase_account
from ocpizza.cli.database import accept_downgrade, check, demo_data, migrate
from ocpizza.cli.deployment import collect_static, deploy, status, undeploy
from ocpizza.cli.payments import payments
from ocpizza.cli.serving import check_settings, serve, work

DEFAULT_CONFIG = "/etc/ocpizza/ocpizza.ini"


@click.group()
@click.version_option(__version__, prog_name="ocpizza")
@click.option(
    "--config",
    envvar="OCPIZZA_CONFIG",
    default=DEFAULT_CONFIG,
    show_default=True,
    type=click.Path(readable=False, path_type=Path),
    help="Settings file.",
)
def main(config: Path) -> None:
    """Web shop and central manager of the OC Pizza restaurants."""


for command in (
    accept_downgrade,
    check,
    check_settings,
    collect_static,
    create_manager,
    demo_data,
    deploy,
    erase_account,
    migrate,
    payments,
    serve,
    status,
    undeploy,
    work,
):
    main.add_command(command)

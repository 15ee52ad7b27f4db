"""The `ocpizza` command: parse, call, report."""

import os
from pathlib import Path

import click

from ocpizza import __version__
from ocpizza.cli.accounts import create_manager, erase_account
from ocpizza.cli.backups import backup, restore
from ocpizza.cli.cyclic_update import cyclic_update
from ocpizza.cli.database import accept_downgrade, check, demo_code, demo_data, migrate
from ocpizza.cli.deployment import collect_static, deploy, undeploy
from ocpizza.cli.payments import payments
from ocpizza.cli.reported import Reported
from ocpizza.cli.serving import check_settings, live, serve, work
from ocpizza.cli.supervision import report_test, status, tell_failure, tell_status, watchdog
from ocpizza.cli.updates import change_database, try_release, update

DEFAULT_CONFIG = "/etc/ocpizza/ocpizza.ini"


@click.group(cls=Reported)
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
    from ocpizza.logs import COMMAND_LINE, write_logs
    from ocpizza.security_log import act_as

    # Whoever became root to run it.
    user = os.environ.get("SUDO_USER") or str(os.getuid())

    write_logs()
    act_as(lambda: {"account": None, "role": None, "from": COMMAND_LINE, "user": user})


for command in (
    accept_downgrade,
    backup,
    change_database,
    check,
    check_settings,
    collect_static,
    create_manager,
    cyclic_update,
    demo_code,
    demo_data,
    deploy,
    erase_account,
    live,
    migrate,
    payments,
    report_test,
    restore,
    serve,
    status,
    tell_failure,
    tell_status,
    try_release,
    undeploy,
    update,
    watchdog,
    work,
):
    main.add_command(command)

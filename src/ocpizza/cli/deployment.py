"""Commands of whoever looks after the machine."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from ocpizza.cli.common import config_path, one_line, pass_settings, pass_settings_as_root
from ocpizza.operations.privileges import NotRoot, require_root
from ocpizza.settings import SettingError, Settings, load_settings

DEFAULT_STATE = Path("/var/lib/ocpizza")
NOT_WELL = 3  # as `systemctl status` says it


@click.command()
@pass_settings_as_root
def deploy(settings: Settings) -> None:
    """Put in place what the site needs on this machine, and start it; again does no harm.

    Exit status 75: the database is not there yet. 1: a step failed, it is named.
    """
    from ocpizza.operations.deploy import deploy as run

    with one_line(NotRoot):
        require_root("deploy")
    sys.exit(run(settings, config_path(), click.echo))


@click.command()
def undeploy() -> None:
    """Stop the site and take it out of nginx; data and settings stay."""
    from ocpizza.operations.deploy.host import Failed
    from ocpizza.operations.undeploy import undeploy as run

    with one_line(NotRoot, Failed, OSError):
        require_root("undeploy")
        run(_state_folder(), click.echo)


def _state_folder() -> Path:
    """From the settings; wrong or lost ones must not keep a package installed."""
    try:
        folder: Path = load_settings(config_path())["folders.state"]
    except SettingError as error:
        click.echo(f"{error}; going on without", err=True)
        return DEFAULT_STATE
    return folder


@click.command("collect-static")
@pass_settings
def collect_static(settings: Settings) -> None:
    """Copy the static files to where nginx serves them."""
    from ocpizza.operations.collect_static import collect_static as run

    with one_line(OSError):
        folder = run(settings["folders.static"])
    click.echo(f"static files in {folder}")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@pass_settings_as_root
def status(settings: Settings, as_json: bool) -> None:
    """Say how the site is; exit status 0 when all is well, 3 otherwise."""
    from ocpizza.operations.status import rows, well

    found = rows(settings)
    if as_json:
        answer = {"well": well(found), "rows": [row.as_dict() for row in found]}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for row in found:
            click.echo(row)
    sys.exit(0 if well(found) else NOT_WELL)


@click.command()
@click.option(
    "--patience",
    type=click.IntRange(min=1),
    default=60,
    show_default=True,
    help="Seconds that it may be silent.",
)
def watchdog(patience: int) -> None:
    """Start the site anew if it runs and answers nothing; exit status 1 when it had to.

    One that was stopped is left alone.
    """
    from ocpizza.operations.systemd import UnitError
    from ocpizza.operations.watchdog import StartedAnew, watch

    with one_line(NotRoot, UnitError, StartedAnew, PermissionError):
        require_root("watchdog")
        watch(patience)


@click.command("tell-failure")
@click.argument("unit")
@pass_settings
def tell_failure(settings: Settings, unit: str) -> None:
    """Write to supervision.email that UNIT failed, once an incident; systemd runs this."""
    from ocpizza.operations.incidents import NotTold
    from ocpizza.operations.incidents import tell_failure as tell

    with one_line(NotTold):
        told = tell(settings, unit, datetime.now(UTC))
    click.echo(f"{unit} failed: {'told' if told else 'nobody is told now'}")

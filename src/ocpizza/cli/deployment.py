"""Commands of whoever looks after the machine."""

import sys
from pathlib import Path

import click

from ocpizza.cli.common import config_path, one_line, pass_settings, pass_settings_as_root
from ocpizza.operations.privileges import NotRoot, require_root
from ocpizza.settings import SettingError, Settings, load_settings

DEFAULT_STATE = Path("/var/lib/ocpizza")


@click.command(short_help="Put in place what the site needs here, and start it.")
@pass_settings_as_root
def deploy(settings: Settings) -> None:
    """Put in place what the site needs on this machine, and start it; again does no harm.

    Exit status 75: the database is not there yet. 1: a step failed, it is named.
    """
    from ocpizza.operations.deploy import deploy as run

    with one_line(NotRoot):
        require_root("deploy")
    sys.exit(run(settings, config_path(), click.echo))


@click.command(short_help="Stop the site and take it out of nginx.")
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
    from ocpizza.overlay.release import current

    with one_line(OSError):
        folder = run(settings["folders.static"], release=current(settings["folders.overlay"]))
    click.echo(f"static files in {folder}")

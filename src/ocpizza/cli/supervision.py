"""Commands that watch the site, and tell whoever looks after it."""

import json
import sys
from datetime import UTC, datetime

import click

from ocpizza.cli.common import config_path, one_line, pass_settings
from ocpizza.operations.privileges import NotRoot, become, require_root
from ocpizza.settings import SettingError, Settings, load_what_is_right

NOT_WELL = 3  # as `systemctl status` says it


@click.command(short_help="Say how the site is, one line for each matter.")
@click.option("--json", "as_json", is_flag=True, help="Say it as JSON, for programs.")
def status(as_json: bool) -> None:
    """Say how the site is; exit status 0 when all is well, 3 otherwise."""
    with one_line(SettingError):
        settings, wrong = load_what_is_right(config_path())
    from ocpizza.operations.status import rows, well

    found = rows(settings, wrong)
    if as_json:
        answer = {"well": well(found), "rows": [row.as_dict() for row in found]}
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for row in found:
            click.echo(row)
    sys.exit(0 if well(found) else NOT_WELL)


@click.command(short_help="Restart the site where it answers nothing.")
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


@click.command("tell-failure", short_help="Write that a unit failed; systemd runs this.")
@click.argument("unit")
def tell_failure(unit: str) -> None:
    """Write to supervision.email that UNIT failed, once an incident; systemd runs this."""
    # Other settings that are wrong may be why.
    with one_line(SettingError):
        settings, _ = load_what_is_right(config_path())
        become(settings["system.user"])
    from ocpizza.operations.incidents import NotTold
    from ocpizza.operations.incidents import tell_failure as tell

    with one_line(NotTold):
        told = tell(settings, unit, datetime.now(UTC))
    click.echo(f"{unit} failed: {'told' if told else 'nobody is told now'}")


@click.command("report-test", short_help="Send Sentry a report of no error.")
@pass_settings
def report_test(settings: Settings) -> None:
    """Send Sentry a report of no error, and fail where it does not arrive."""
    from ocpizza import error_reports
    from ocpizza.error_reports.reporter import NotTaken

    with one_line(NotTaken):
        report = error_reports.try_out()
    click.echo(f"Sentry took the report {report} ({settings['supervision.environment']})")


@click.command("tell-status", short_help="Write what status says; systemd runs this.")
def tell_status() -> None:
    """Write to supervision.email what status says, when it changes; systemd runs this.

    Once when a row is amiss for the second time, and once when it is well again.
    """
    with one_line(SettingError):
        settings, wrong = load_what_is_right(config_path())
        become(settings["system.user"])
    from ocpizza.operations.letters import NotTold
    from ocpizza.operations.status import rows
    from ocpizza.operations.status.telling import tell_changes

    found = rows(settings, wrong)
    with one_line(NotTold):
        told = tell_changes(settings, found, datetime.now(UTC))
    for row in found:
        if not row.well or row in told:
            click.echo(f"{row}{' (told)' if row in told else ''}")

"""Continuous backup, as the commands `backup` and `restore` offer it."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from ocpizza.cli.common import config_path, database
from ocpizza.cli.told import Told
from ocpizza.operations.privileges import acting_as
from ocpizza.settings import Settings

if TYPE_CHECKING:
    from ocpizza.erasure_list import Erased
    from ocpizza.operations.backup.restore import Restored

NOT_WELL = 3  # as `ocpizza status` says it


def restore_at(
    settings: Settings,
    text: str,
    without: AbstractContextManager[None] | None,
    erased: "Sequence[Erased]",
) -> "Restored":
    """Put the database of a moment in place of the live one."""
    from ocpizza.operations.continuous.at import Moment
    from ocpizza.operations.continuous.at import restore_at as run
    from ocpizza.operations.continuous.when import moment, said

    at = moment(text)
    click.echo(f"as it was at {said(at)}")
    wanted = Moment(at, settings, config_path(), datetime.now(UTC), Told())
    with acting_as(settings["system.user"]), database(settings) as engine:
        return run(engine, wanted, without, erased)


def enable(settings: Settings) -> None:
    """Turn it on, or do what is missing."""
    from ocpizza.operations.continuous.switch import enable as run

    done = run(settings, Told())
    folder = settings["folders.continuous"]
    click.echo(f"all that PostgreSQL {done.cluster} commits is in {folder} within a minute")
    if done.cluster.others:
        click.echo(f"that of its other databases, too: {done.cluster.others}")
    if done.note:
        click.echo(done.note)


def disable(settings: Settings) -> None:
    """Turn it off."""
    from ocpizza.operations.continuous.switch import disable as run

    folder = run(settings).folder
    saved = f"what it saved is kept in {folder}" if folder.exists() else "it saved nothing"
    click.echo(f"continuous backup is off; {saved}")


def status(settings: Settings) -> None:
    """Say how it is."""
    from ocpizza.operations.continuous.looks import OFF, is_enabled
    from ocpizza.operations.status.saved import continuous

    if not is_enabled(settings):
        click.echo(OFF)
        return
    with acting_as(settings["system.user"]):
        row = continuous(settings)
    click.echo(row)
    sys.exit(0 if row.well else NOT_WELL)


SWITCHES: dict[str, Callable[[Settings], None]] = {
    "enable": enable,
    "disable": disable,
    "status": status,
}

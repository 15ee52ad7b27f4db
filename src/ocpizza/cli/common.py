"""What commands share: their settings, whose rights they have, the database, one-line errors."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocpizza.loading import loading
from ocpizza.operations.privileges import become
from ocpizza.settings import SettingError, Settings, load_settings

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.orm import Session


def config_path() -> Path:
    """Return the settings file that this command was given."""
    path: Path = click.get_current_context().find_root().params["config"]
    return path


def report_errors(settings: Settings) -> None:
    """Report errors as these settings say: of a command its name, not what it was given."""
    from ocpizza import error_reports

    name = click.get_current_context().find_root().invoked_subcommand
    error_reports.use(settings, f"ocpizza {name or ''}".strip())


def pass_settings_as_root(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its settings first, and leave it the rights of whoever runs it."""

    @functools.wraps(command)
    def with_settings(*arguments: Any, **options: Any) -> Any:
        with one_line(SettingError):
            settings = load_settings(config_path())
        report_errors(settings)
        return command(settings, *arguments, **options)

    return with_settings


def pass_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command its settings first; run by root, it becomes the service's user before."""

    @pass_settings_as_root
    @functools.wraps(command)
    def with_few_rights(settings: Settings, *arguments: Any, **options: Any) -> Any:
        with one_line(SettingError):
            become(settings["system.user"])
        return command(settings, *arguments, **options)

    return with_few_rights


@contextmanager
def one_line(*expected: type[Exception]) -> Iterator[None]:
    """What may be expected to go wrong is one line without a traceback."""
    try:
        yield
    except BrokenPipeError:
        # Whoever read it has gone: click ends without a word.
        raise
    except expected as error:
        raise click.ClickException(_told(error)) from error


def _told(error: Exception) -> str:
    """What the system refuses, without the number that it has for programs."""
    if not isinstance(error, OSError) or not error.strerror:
        return str(error)
    return f"{error.filename}: {error.strerror}" if error.filename else error.strerror


@contextmanager
def database(settings: Settings) -> Iterator["Engine"]:
    """The engine; a database that fails is one clear line."""
    with loading():
        from sqlalchemy.exc import SQLAlchemyError

        from ocpizza.db import make_engine

    with one_line(SettingError):
        engine = make_engine(settings["database.url"], 1)
    try:
        yield engine
    except SQLAlchemyError as error:
        raise click.ClickException(_of_database(error, settings["database.url"])) from error
    finally:
        engine.dispose()


def _of_database(error: Exception, url: str) -> str:
    """What it said, or where to look for one that says nothing."""
    from ocpizza.db import reason
    from ocpizza.operations.status.asking import what_to_do
    from ocpizza.outage import is_unreachable

    if not is_unreachable(error):
        return f"the database answers: {reason(error)}"
    return f"the database does not answer: {reason(error)}: {what_to_do(url)}"


@contextmanager
def database_session(settings: Settings) -> Iterator["Session"]:
    """A session committed at the end."""
    from sqlalchemy.orm import Session

    from ocpizza.erasure_list import ERASURES, NAME

    info = {ERASURES: settings["folders.state"] / NAME}
    with database(settings) as engine, Session(engine, info=info) as session, session.begin():
        yield session

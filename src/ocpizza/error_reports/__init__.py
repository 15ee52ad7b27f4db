"""Errors told to Sentry, where `supervision.sentry_dsn` says so: without any data of anybody.

What is logged as an error is reported, by whatever part of the program. Whoever starts something
says so with `use`; nothing of Sentry's is loaded without a DSN, nor before there is a need.
"""

import atexit
import os
import sys
from typing import TYPE_CHECKING

from ocpizza.error_reports.reporter import NullReporter, Reporter
from ocpizza.error_reports.sentry import SentryReporter
from ocpizza.logs import tell_errors_to
from ocpizza.settings import Settings

if TYPE_CHECKING:
    from pyramid.config import Configurator

# How long the end of a program may wait for what is still to be sent.
LAST_SECONDS = 2.0
_reporter: Reporter = NullReporter()


def use(settings: Settings, task: str = "") -> None:
    """Report errors from now on as these settings say; `task` is the command that is run."""
    global _reporter
    _reporter.close()
    task = task or _reporter.task
    told = settings["supervision.sentry_dsn"]
    _reporter = SentryReporter(settings, task) if told else NullReporter(task)
    tell_errors_to(_reporter.report if told else None)


def in_use() -> bool:
    """Return whether errors are told to anybody."""
    return _reporter.told


def load() -> None:
    """Be ready: the files of what goes on for long may be replaced meanwhile."""
    _reporter.load()


def tell_unseen(error: BaseException, **facts: str) -> None:
    """Report what ended a command in one line, unless somebody has just read that line."""
    if not any(stream and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        _reporter.report({"level": "error", "exc_info": error, **facts})


def try_out() -> str:
    """Send a report of no error and return its id. Raises NotTaken."""
    return _reporter.try_out()


@atexit.register
def _send_the_last() -> None:
    _reporter.finish(LAST_SECONDS)


# What was forked shares no connection and no lock with whoever forked it.
os.register_at_fork(after_in_child=lambda: _reporter.start_anew())


def includeme(config: "Configurator") -> None:
    use(config.registry.settings)
    if _reporter.told:
        load()
        config.include("ocpizza.error_reports.page")

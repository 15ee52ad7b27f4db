"""Commands that fail where nobody sees it: reported."""

from contextlib import suppress
from typing import Any

import click

from ocpizza.cli.common import config_path, report_errors
from ocpizza.settings import SettingError, load_what_is_right


class Reported(click.Group):
    """A group of commands that end in one line, or in a traceback, and report either.

    A traceback is logged, and so reported, by whatever ends the program.
    """

    def invoke(self, context: click.Context) -> Any:
        try:
            return super().invoke(context)
        except click.ClickException as failure:
            _report(failure.__cause__ or failure)
            raise
        except click.exceptions.Exit as ending:
            # Without a cause it is an answer, or told already.
            if ending.__cause__:
                _report(ending.__cause__)
            raise
        except Exception:
            _be_ready()
            raise


def _report(failure: BaseException) -> None:
    from ocpizza import error_reports

    _be_ready()
    error_reports.tell_unseen(failure)


def _be_ready() -> None:
    """Some commands ask for no settings, and of wrong ones those that are right will do."""
    from ocpizza import error_reports

    if not error_reports.in_use():
        with suppress(SettingError):
            report_errors(load_what_is_right(config_path())[0])

"""What is asked of whoever is told of errors."""

from collections.abc import Mapping
from typing import Any, Protocol


class NotTaken(Exception):
    """A report did not arrive; the message says why."""


class Reporter(Protocol):
    """Is told of errors. `told` is whether anybody is behind it, `task` what this program does."""

    told: bool
    task: str

    def report(self, line: Mapping[str, Any]) -> None:
        """Report a line of the log, soon: nobody waits, and nothing is raised."""

    def try_out(self) -> str:
        """Send a report of no error and return its id once it arrived. Raises NotTaken."""

    def load(self) -> None:
        """Take into memory whatever reporting needs."""

    def finish(self, seconds: float) -> None:
        """Wait for what is still to be sent, so long at most."""

    def start_anew(self) -> None:
        """Share nothing with the process that this one was forked from."""

    def close(self) -> None:
        """Send what there is, and nothing more."""


class NullReporter:
    """Tells nobody."""

    told = False

    def __init__(self, task: str = "") -> None:
        self.task = task

    def try_out(self) -> str:
        raise NotTaken("supervision.sentry_dsn is empty: errors are told to nobody")

    def report(self, *_: object) -> None:
        """Nobody wants to know."""

    load = finish = start_anew = close = report

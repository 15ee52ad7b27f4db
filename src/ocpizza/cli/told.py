"""What is being done, told to whoever runs a command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import click

from ocpizza.operations.backup.stages import Advance, Stages
from ocpizza.operations.screen import Screen


class Bar:
    """How far a command has come, for whoever sits at its terminal; what it says is as ever."""

    def __init__(self, name: str, length: int) -> None:
        self.shown = sys.stderr.isatty()
        self._bar = click.progressbar(
            length=length, label=name, file=sys.stderr, hidden=not self.shown
        )

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._bar.__exit__(*error)

    def advance(self) -> None:
        """One step is done."""
        self._bar.update(1)

    def clear(self) -> None:
        """Leave its line to what is said now."""
        if self.shown:
            click.echo("\r\x1b[2K", nl=False, err=True)


class Told(Stages):
    """A bar for a terminal, a plain line for a log; nothing where nobody looks on any more."""

    def __init__(self) -> None:
        self.say = Screen(click.echo)

    @contextmanager
    def stage(self, name: str, length: int = 0) -> Iterator[Advance]:
        if not (length and sys.stdout.isatty()):
            self.say(f"{name} …")
            yield lambda: None
            return
        with click.progressbar(length=length, label=name) as bar:
            yield lambda: bar.update(1)

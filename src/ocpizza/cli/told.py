"""What is being done, told to whoever runs a command."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from ocpizza.operations.backup.stages import Advance, Stages
from ocpizza.operations.screen import Screen


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

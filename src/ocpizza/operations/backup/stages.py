"""What is being done, for whoever watches."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

Advance = Callable[[], None]


class Stages:
    """Tells nobody; the command line has one that tells a terminal, tests one that dies."""

    @contextmanager
    def stage(self, name: str, length: int = 0) -> Iterator[Advance]:
        """Do something that is called so; `length` is how often it will advance, if that is known.

        A stage that fails leaves by its exception.
        """
        yield lambda: None

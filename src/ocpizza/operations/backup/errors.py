"""What may go wrong with an archive."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class BackupError(Exception):
    """Nothing was changed; the message says in one line what is wrong and what to do."""


class AtWork(BackupError):
    """Another job is at work: this one did nothing at all."""


class NotCopied(BackupError):
    """The archive is made and stays; its copy elsewhere is missing."""


@contextmanager
def about(archive: Path) -> Iterator[None]:
    """Whoever named none is told which archive it is."""
    try:
        yield
    except BackupError as error:
        raise BackupError(f"{archive.name}: {error}") from error

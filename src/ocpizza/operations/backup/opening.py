"""An archive as it lies there, encrypted or not, as a plain one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def opened(file: BinaryIO, folder: Path, key: str) -> Iterator[BinaryIO]:
    """The plain archive of a file."""
    yield file

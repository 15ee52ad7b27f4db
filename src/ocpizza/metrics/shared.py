"""Counts that gunicorn's processes share, by the library's files: one set a seat, not a process.

The library names its files by process and keeps those of the dead, for what they counted still
counts: they would grow in number with each reload, for years. Here whoever begins takes a seat
that nobody sits at, and goes on counting in its files.
"""

import os
from collections.abc import Collection
from contextlib import suppress
from itertools import count
from pathlib import Path

import structlog
from prometheus_client import multiprocess, values
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.registry import Collector

from ocpizza.metrics.figures import Figures

# The library grows a file by leaving room in it that no disk has yet: to write there on a full
# one would kill the process. These are had before, and are enough for all that we count.
SIZES = {"counter": 2**19, "histogram": 2**19, "gauge_livesum": 2**13}
# Where the library wants to be told of its folder.
VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
log = structlog.get_logger()


class Seats:
    """Where processes that are alive at the same time count. The folder is memory, if it can be."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def empty(self) -> None:
        """Begin anew; what cannot be removed is counted on."""
        for file in self._folder.glob("*.db*"):
            with suppress(OSError):
                file.unlink()

    def take(self, taken: Collection[int | None]) -> int | None:
        """Return a seat for a process that is about to be forked, the first that is not taken.

        None where there is no room: the site goes on, the process counts for itself alone.
        """
        seat = next(number for number in count() if number not in taken)
        self.leave(seat)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for kind, size in SIZES.items():
                _prepare(self._folder / f"{kind}_{seat}.db", size)
        except OSError as error:
            log.error("figures are not complete", folder=str(self._folder), reason=str(error))
            return None
        return seat

    def sit(self, seat: int | None) -> None:
        """Have the process that was forked count at its seat."""
        if seat is not None:
            os.environ[VARIABLE] = str(self._folder)
            # Made here, of this process alone: whatever is counted has a label, so that nothing
            # was made of it before.
            values.ValueClass = values.MultiProcessValue(lambda: seat)

    def leave(self, seat: int | None) -> None:
        """Forget what is true of a process only while it lives."""
        if seat is not None:
            multiprocess.mark_process_dead(seat, str(self._folder))


def counted(figures: Figures) -> Collector:
    """Return what was counted, by all processes if they share it."""
    if values.ValueClass is values.MutexValue:
        return figures.registry
    return multiprocess.MultiProcessCollector(None, os.environ[VARIABLE])


def _prepare(path: Path, size: int) -> None:
    """Have a file that is whole and has room; what cannot be read was being written at a death."""
    if path.exists():
        try:
            list(MmapedDict.read_all_values_from_file(path))
            return
        except (RuntimeError, ValueError):
            log.error("figures were damaged and begin anew", file=path.name)
    new = path.with_suffix(".db~")
    with new.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, size)
    # Never seen while it is empty.
    new.replace(path)

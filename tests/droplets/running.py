"""What is running, by name, so that nothing is left behind, even by a run that was killed."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from droplets.cache import CACHE, locked
from droplets.cgroups import Cgroup
from droplets.network import remove_namespace
from droplets.overlay import remove_mounted

RUNNING = CACHE / "running"
PREFIX = "ocpizza"
NSPAWN = Path("/run/systemd/nspawn/propagate")
_numbers = count(1)


@contextmanager
def running_folder() -> Iterator[Path]:
    """A folder with a name that nothing else bears; all of that name is gone afterwards.

    All is: the folder and what is mounted in it, the cgroup, the network namespace. What killed
    runs left goes first.
    """
    with locked(CACHE / "locks" / "running"):
        _remove_leftovers()
        folder = RUNNING / f"{PREFIX}-{os.getpid()}-{next(_numbers)}"
        folder.mkdir(parents=True)
        held = folder.with_suffix(".lock").open("w")
        fcntl.flock(held, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        _remove(folder)
        held.close()


def _remove_leftovers() -> None:
    for lock in RUNNING.glob(f"{PREFIX}-*.lock"):
        with contextlib.suppress(FileNotFoundError, BlockingIOError), lock.open("r+") as file:
            # Whoever holds it lives; the kernel took it from the dead.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _remove(lock.with_suffix(""))


def _remove(folder: Path) -> None:
    Cgroup(folder.name).remove()
    remove_namespace(folder.name)
    if folder.exists():
        remove_mounted(folder)
    with contextlib.suppress(FileNotFoundError):
        (NSPAWN / folder.name).rmdir()
    folder.with_suffix(".lock").unlink(missing_ok=True)

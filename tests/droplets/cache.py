"""What is dear to make and is kept outside the clone, from one run to the next."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", "/var/cache")) / "ocpizza-tests"
UNUSED_DAYS = 14


def cached_tree(name: str, key: str, make: Callable[[Path], None]) -> Path:
    """The folder that `make` filled for this `key`; made once, however many ask at a time.

    `make` gets an empty folder. A tree that nobody used for two weeks is removed.
    """
    tree = CACHE / "trees" / f"{name}-{digest(key)}"
    with locked(CACHE / "locks" / name):
        if not tree.exists():
            _remove_unused(tree.parent, name)
            _make(tree, make)
        _note_use(tree)
    return tree


def digest(*parts: str | bytes) -> str:
    """A short name of what the parts hold."""
    joined = b"\0".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hashlib.sha256(joined).hexdigest()[:16]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for the lock and hold it; the kernel gives it back should the process die."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _make(tree: Path, make: Callable[[Path], None]) -> None:
    fresh = tree.with_name(f"{tree.name}.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    make(fresh)
    # A name that outlives a power cut must not stand for files that do not.
    subprocess.run(["sync", "-f", fresh], check=True)
    fresh.rename(tree)


def _used(tree: Path) -> Path:
    # Beside the tree: one that changes, be it in its time alone, cannot be packed by tar.
    return CACHE / "used" / tree.name


def _note_use(tree: Path) -> None:
    _used(tree).parent.mkdir(parents=True, exist_ok=True)
    _used(tree).touch()


def _remove_unused(trees: Path, name: str) -> None:
    for tree in trees.glob(f"{name}-*"):
        used = _used(tree) if _used(tree).exists() else tree
        if time.time() - used.stat().st_mtime > UNUSED_DAYS * 86400:
            shutil.rmtree(tree)
            _used(tree).unlink(missing_ok=True)

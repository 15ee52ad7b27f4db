"""The folder of an update: read once, as root alone can have written it.

Its Python runs in the shop, so who could write into it could do all that the shop can. What is
checked and put in place is what was read here: nobody can change it in between.
"""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ocpizza.operations.update.controller import NAME
from ocpizza.operations.update.errors import UpdateError

LARGEST = 20 * 1024 * 1024
LARGEST_TOGETHER = 200 * 1024 * 1024
WRITABLE_BY_OTHERS = stat.S_IWGRP | stat.S_IWOTH
# A named pipe must not be waited for before it is seen to be none of ours.
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_folder(path: Path) -> dict[str, bytes]:
    """Return every file of the folder by its name. Raises UpdateError for what it must not hold."""
    content: dict[str, bytes] = {}
    room = LARGEST_TOGETHER
    with _opened(path) as folder:
        for entry in sorted(os.listdir(folder)):  # noqa: PTH208  (of the folder that was looked at)
            content[entry] = _read(folder, path, entry)
            room -= len(content[entry])
            if room < 0:
                raise UpdateError(f"{path} holds more than {LARGEST_TOGETHER >> 20} MB")
    if NAME not in content:
        raise UpdateError(f"{path} has no {NAME}")
    return content


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        folder = os.open(path, READ | os.O_DIRECTORY)
    except OSError as error:
        said = "it is a link" if path.is_symlink() else error.strerror
        raise UpdateError(f"cannot read the folder {path}: {said}") from error
    try:
        for parent in path.resolve().parents:
            _refuse_strangers(parent.stat(), parent, within_sticky=True)
        _refuse_strangers(os.fstat(folder), path)
        yield folder
    finally:
        os.close(folder)


def _read(folder: int, path: Path, name: str) -> bytes:
    where = path / name
    try:
        file = os.open(name, READ, dir_fd=folder)
    except OSError as error:
        # What O_NOFOLLOW says of a link would send people looking for many.
        link = stat.S_ISLNK(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
        said = "it is a link: copy the file itself there" if link else error.strerror
        raise UpdateError(f"cannot read {where}: {said}") from error
    try:
        found = os.fstat(file)
        if not stat.S_ISREG(found.st_mode):
            what = "a folder" if stat.S_ISDIR(found.st_mode) else "a device or a pipe"
            raise UpdateError(f"{where} is {what}: components are files beside {NAME}")
        _refuse_strangers(found, where)
        with os.fdopen(file, "rb", closefd=False) as opened:
            content = opened.read(LARGEST + 1)
    finally:
        os.close(file)
    if len(content) > LARGEST:
        raise UpdateError(f"{where} is larger than {LARGEST >> 20} MB")
    return content


def _refuse_strangers(found: os.stat_result, path: Path, *, within_sticky: bool = False) -> None:
    """Nobody but root, and whoever runs this, may have written it.

    Where the sticky bit is set, as in /tmp, nobody puts another folder in this one's place.
    """
    if found.st_uid not in (0, os.geteuid()):
        raise UpdateError(f"{path} does not belong to root: chown -R root: it, after a look at it")
    if within_sticky and found.st_mode & stat.S_ISVTX:
        return
    if found.st_mode & WRITABLE_BY_OTHERS:
        raise UpdateError(f"others may write {path}: chmod -R go-w it, after a look at it")

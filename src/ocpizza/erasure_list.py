"""Who was erased, told outside of the database too: it may be lost, and an older one restored.

A line each, of nothing personal: what tells an account or an order from every other, and when. The
web process writes it, so whoever has taken that over may have written anything: what is read is
numbers and times, and erases what they could have erased in the database.
"""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self

import structlog
from sqlalchemy.orm import Session

from ocpizza.once_committed import once_committed

# Where a session finds the file in which its erasures are listed; one without lists none.
ERASURES = "erasures"
NAME = "erasures"
HEADER = "# erased from OC Pizza: what, its number, since when it was, when it was erased\n"
ACCOUNT, ORDER = "account", "order"
# A hundred thousand lines and more.
MOST_BYTES = 2**24
SHAPES = {ACCOUNT: re.compile(r"[0-9]{1,9}"), ORDER: re.compile(r"[0-9A-Za-z-]{1,12}")}
log = structlog.get_logger()


class NotAList(ValueError):
    """A file that this is not: too large, or no file at all."""


class Erased(NamedTuple):
    """An account by its number, or an order by its own; when it began, and when it was erased."""

    kind: str
    number: str
    began_at: datetime
    erased_at: datetime

    def __str__(self) -> str:
        times = (at.astimezone(UTC).isoformat() for at in (self.began_at, self.erased_at))
        return " ".join((self.kind, self.number, *times))

    @classmethod
    def read(cls, line: str) -> Self | None:
        """Return what a line says, None where it says nothing: it may have been cut."""
        words = line.split()
        if len(words) != len(cls._fields) or words[0] not in SHAPES:
            return None
        try:
            times = [datetime.fromisoformat(word) for word in words[2:]]
            known = all(at.tzinfo for at in times) and SHAPES[words[0]].fullmatch(words[1])
            # There are some of which UTC knows nothing: they would fail whoever writes them again.
            return cls(words[0], words[1], *(at.astimezone(UTC) for at in times)) if known else None
        except (ValueError, OverflowError):
            return None


def list_erased(session: Session, erased: Iterable[Erased]) -> None:
    """Have erasures listed once they are committed, where the session lists any."""
    path = session.info.get(ERASURES)
    if path and (now := list(erased)):
        once_committed(session, partial(_append_or_tell, path, now))


def append(path: Path, erased: Iterable[Erased]) -> None:
    """Add what is not in the file yet, for good. Raises OSError and NotAList."""
    known = set(map(str, read(path)))
    if lines := [line for line in map(str, erased) if line not in known]:
        _write(path, lines)


def read(path: Path) -> list[Erased]:
    """Return what a file lists, nothing where there is none. Raises OSError and NotAList."""
    try:
        seen = path.lstat()
    except FileNotFoundError:
        return []
    if not stat.S_ISREG(seen.st_mode):
        raise NotAList(f"{path} is no file: move it away")
    if seen.st_size > MOST_BYTES:
        raise NotAList(f"{path} is too large to be a list of erasures: move it away")
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:  # noqa: PTH123  (opened with its flags)
        return list(parse(file.read(MOST_BYTES)))


def parse(content: bytes) -> Iterator[Erased]:
    """Return what lines say, each once; what says nothing is passed over."""
    for line in dict.fromkeys(content.decode("ascii", "replace").splitlines()):
        if erased := Erased.read(line):
            yield erased


def _append_or_tell(path: Path, erased: list[Erased]) -> None:
    """The erasure is done, whatever becomes of its line."""
    try:
        _write(path, map(str, erased))
    except OSError as error:
        log.error("an erasure could not be listed", reason=error.strerror)


def _write(path: Path, lines: Iterable[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        # A power cut may have left half a line.
        cut = size and os.pread(descriptor, 1, size - 1) != b"\n"
        text = (("\n" if cut else "") + "".join(f"{line}\n" for line in lines)).encode()
        # A disk takes what it has room for, and refuses the rest only when that is asked for.
        while text:
            text = text[os.write(descriptor, text) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

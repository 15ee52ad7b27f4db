"""The overlay's releases on disk: staged whole, switched by one rename, gone back from.

overlay/current -> releases/20261129_130501_123456
overlay/releases/<stamp>/…, update.json     what was in place then, and how it came to be
overlay/releases/.<stamp>                   one being staged, nothing yet
overlay/unproved                            a switch that no answer of the site has proved yet
"""

import json
import os
import re
import shutil
import stat
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Self

from ocpizza.operations.backup.folder import sync
from ocpizza.operations.update.errors import UpdateError
from ocpizza.overlay.release import current

NOTE = "update.json"
STAMP, STAMPED = "%Y%m%d_%H%M%S_%f", re.compile(r"\d{8}_\d{6}_\d{6}")
# A note is some names; what is larger is none.
LONGEST = 1 << 20
# The one in place and those that one may go back to; older ones go.
KEPT = 10


@dataclass(frozen=True)
class Note:
    """What a release brought; `before` is the release that it was made from."""

    at: str
    version: str
    brought: list[str] = field(default_factory=list)
    before: str | None = None
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Switch:
    """From which release to which; None is the program's own."""

    to: str | None
    back: str | None
    # The site was stopped for it, and is to run afterwards.
    stopped: bool = False


class Releases:
    """The releases of an overlay. Methods raise UpdateError where the disk refuses."""

    def __init__(self, overlay: Path) -> None:
        self.overlay = overlay
        self.folder = overlay / "releases"
        self.link = overlay / "current"
        self._unproved = overlay / "unproved"

    @classmethod
    def of(cls, release: Path) -> Self:
        """Return those that a release's folder is one of."""
        return cls(release.parent.parent)

    @property
    def current(self) -> str | None:
        """Return the stamp of the release in place, None where there is none."""
        found = current(self.overlay)
        return found.name if found else None

    def path(self, release: str) -> Path:
        return self.folder / release

    def staging(self, release: str) -> Path:
        return self.folder / f".{release}"

    def all(self) -> list[str]:
        """Return every release, the newest first."""
        if not self.folder.is_dir():
            return []
        found = (path.name for path in self.folder.iterdir() if path.is_dir())
        return sorted(filter(STAMPED.fullmatch, found), reverse=True)

    def note(self, release: str) -> Note:
        """Return what a release says of itself."""
        path = self.path(release) / NOTE
        try:
            return Note(**json.loads(_read_own(path)))
        except (OSError, ValueError, TypeError) as error:
            raise UpdateError(f"{path} cannot be read") from error

    def stage(
        self,
        at: datetime,
        version: str,
        components: Mapping[PurePosixPath, bytes],
        removed: Collection[PurePosixPath] = (),
    ) -> str:
        """Lay out the current release with these components over it, or without those `removed`.

        Under a name that is none yet; return the stamp that it will have.
        """
        release, before = self._next(at), self.current
        staging = self.staging(release)
        brought, without = ([*map(str, each)] for each in (components, removed))
        note = Note(at.isoformat(), version, brought, before, without)
        with _writing(staging):
            self.folder.mkdir(0o755, parents=True, exist_ok=True)
            if before is None:
                staging.mkdir(0o755)
            else:
                # What stays the same is on the disk once.
                shutil.copytree(self.path(before), staging, copy_function=os.link)
            for target in removed:
                (staging / target).unlink()
            for target, content in components.items():
                _write(staging, target, content)
            _write(staging, PurePosixPath(NOTE), json.dumps(asdict(note), indent=1).encode())
            for path in (staging, *staging.rglob("*")):
                path.chmod(0o755 if path.is_dir() else 0o644)
                sync(path)
        return release

    def _next(self, at: datetime) -> str:
        """Return a stamp that is later than any, whatever the clock says."""
        newest = max(self.all(), default="")
        if newest and f"{at:{STAMP}}" <= newest:
            at = datetime.strptime(newest, STAMP).replace(tzinfo=UTC) + timedelta(microseconds=1)
        return f"{at:{STAMP}}"

    @property
    def leftovers(self) -> list[Path]:
        """Return what was staged, and is to be nothing."""
        staged = [path for path in self.folder.glob(".*") if STAMPED.fullmatch(path.name[1:])]
        return [*staged, *self.overlay.glob(f"{self._unproved.name}.new")]

    def unstage(self) -> None:
        """Remove what was staged, by a run that was killed or refused."""
        with _writing(self.folder):
            for path in self.leftovers:
                if path.is_dir():
                    shutil.rmtree(path)
                else:
                    path.unlink()

    def begin(self, switch: Switch) -> None:
        """Note a switch before anything of it is done, and give what was staged its name."""
        with _writing(self._unproved):
            beside = self._unproved.with_suffix(".new")
            beside.write_text(json.dumps(asdict(switch)))
            sync(beside)
            beside.rename(self._unproved)
            sync(self.overlay)
            if switch.to is not None and not self.path(switch.to).exists():
                self.staging(switch.to).rename(self.path(switch.to))
                sync(self.folder)

    def switch(self, release: str | None) -> None:
        """Have a release in place, or the program's own, by one rename."""
        with _writing(self.link):
            if release is None:
                self.link.unlink(missing_ok=True)
            else:
                beside = self.link.with_suffix(".new")
                beside.unlink(missing_ok=True)
                beside.symlink_to(Path("releases", release))
                beside.rename(self.link)
            sync(self.overlay)

    @property
    def unproved(self) -> Switch | None:
        """Return the switch that a run began and did not end."""
        try:
            return Switch(**json.loads(_read_own(self._unproved)))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError):
            # Nobody knows any more: what is in place is proved, or goes.
            return Switch(self.current, self.current)

    def unproved_for(self) -> timedelta:
        """Return for how long a switch has been under way."""
        return timedelta(seconds=time.time() - self._unproved.stat().st_mtime)

    def end(self) -> None:
        """Note that what is in place is to stay."""
        with _writing(self._unproved):
            self._unproved.unlink(missing_ok=True)
            sync(self.overlay)

    def brings(self, switch: Switch) -> bool:
        """Return whether it goes to a release made for it, not back to an older one."""
        if switch.to is None or not self.path(switch.to).exists():
            return False
        return self.note(switch.to).before == switch.back

    def forget(self, release: str) -> None:
        """Remove a release that is not in place."""
        with _writing(self.folder):
            if release != self.current and self.path(release).exists():
                shutil.rmtree(self.path(release))

    def forget_old(self) -> list[str]:
        """Remove all but the newest KEPT releases, the one in place and the one before it.

        Return those.
        """
        current, kept = self.current, set(self.all()[:KEPT])
        if current is not None:
            kept |= {current, self.note(current).before or current}
        old = [release for release in self.all() if release not in kept]
        for release in old:
            self.forget(release)
        return old


def _write(folder: Path, target: PurePosixPath, content: bytes) -> None:
    path = folder / target
    path.parent.mkdir(parents=True, exist_ok=True)
    # It may be the earlier release's, too.
    path.unlink(missing_ok=True)
    path.write_bytes(content)


def _read_own(path: Path) -> bytes:
    """Return a small file of ours: whoever owns the overlay leads nobody elsewhere by it."""
    file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(file, "rb") as opened:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise ValueError("it is no file")
        return opened.read(LONGEST)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except shutil.Error as error:
        # One line of many: (from, to, why).
        raise UpdateError(f"cannot write {path}: {error.args[0][0][2]}") from error
    except OSError as error:
        raise UpdateError(f"cannot write {error.filename or path}: {error.strerror}") from error

"""The overlay's releases: saved with the database, and swapped when it is.

The database decides: what a restoration keeps under a stamp tells whether its overlay belongs
there, so a run that was killed between the two is finished by the next one.

What is restored waits among the archives, which the service neither writes nor sees, and is copied
into the overlay, which it cannot write: whoever has taken over the service, and what it may in the
database, plants no Python there.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from ocpizza.operations.backup.folder import sync, usable
from ocpizza.operations.backup.reading import OVERLAY, Archive, strange_links
from ocpizza.settings import Settings

RESTORING, PREVIOUS, COPYING = ".overlay.restoring-", "overlay.previous-", ".overlay.copying"
LINK = "current"


def files(overlay: Path) -> Iterator[tuple[str, Path]]:
    """Return the files below a folder by name, none where there is no folder.

    What an update is staging is nothing yet, and may go while it is read.
    """
    for path in sorted(overlay.rglob("*")):
        inside = path.relative_to(overlay)
        if path.is_file() and not path.is_symlink() and not _staged(inside):
            yield inside.as_posix(), path


def links(overlay: Path) -> dict[str, str]:
    """Return the links below it that stay inside it; others are nothing of the shop's."""
    found = {
        path.relative_to(overlay).as_posix(): path.readlink().as_posix()
        for path in sorted(overlay.rglob("*"))
        if path.is_symlink() and not _staged(path.relative_to(overlay))
    }
    strange = strange_links(found)
    return {name: target for name, target in found.items() if name not in strange}


def _staged(inside: Path) -> bool:
    return any(part.startswith(".") for part in inside.parts)


@dataclass(frozen=True)
class Overlays:
    """The one in place, and the folder of archives, where one waits and those replaced are kept.

    Methods raise BackupError where the disk refuses.
    """

    live: Path
    archives: Path

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings["folders.overlay"], settings["folders.backups"])

    def extract(self, archive: Archive, stamp: str) -> None:
        """Lay out an archive's overlay among the archives."""
        names = [name for name in archive.manifest.members if name.startswith(OVERLAY)]
        if not names and not self.live.exists():
            return
        waiting = self._waiting(stamp)
        with usable(waiting):
            waiting.mkdir(0o755)
            for name in names:
                path = waiting / name.removeprefix(OVERLAY)
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("xb") as file:
                    for chunk in archive.chunks(name):
                        file.write(chunk)
            for name, target in archive.manifest.links.items():
                (waiting / name).parent.mkdir(parents=True, exist_ok=True)
                (waiting / name).symlink_to(target)

    def swap(self, stamp: str) -> None:
        """Have what was extracted take the overlay's place, which is kept as the database is.

        Within its folder, which stays: a service that runs sees it by a mount that only reads.
        Whatever kills it, the next one begins again with what waits.
        """
        waiting = self._waiting(stamp)
        if not waiting.exists():
            return
        with usable(self.live):
            self.live.mkdir(0o755, parents=True, exist_ok=True)
            fresh = self.live / COPYING
            # Before anything goes, for the disk may be full.
            _copy(waiting, fresh)
            self._keep(self.archives / f"{PREVIOUS}{stamp}")
            for path in self._children(LINK):
                _remove(path)
            for path in sorted(fresh.iterdir(), key=lambda path: path == fresh / LINK):
                path.rename(self.live / path.name)
            fresh.rmdir()
            sync(self.live)
            shutil.rmtree(waiting)

    def settle(self, swapped: Callable[[str], bool]) -> None:
        """End what a run that was killed began: `swapped` knows whether its database took over."""
        for path in self.archives.glob(f"{RESTORING}*"):
            stamp = path.name.removeprefix(RESTORING)
            if swapped(stamp):
                self.swap(stamp)
            else:
                shutil.rmtree(path)

    def forget_previous(self) -> None:
        """Remove those that restorations replaced."""
        for path in self.archives.glob(f"{PREVIOUS}*"):
            shutil.rmtree(path)

    def _keep(self, previous: Path) -> None:
        # One that is kept is whole: a run before this one may have taken some away since.
        if not previous.exists():
            copy = previous.with_name(COPYING)
            _remove(copy)
            copy.mkdir(0o755)
            for path in self._children():
                if path.is_dir() and not path.is_symlink():
                    shutil.copytree(path, copy / path.name, symlinks=True)
                else:
                    shutil.copy2(path, copy / path.name, follow_symlinks=False)
            copy.rename(previous)
            sync(previous.parent)

    def _children(self, first: str = "") -> list[Path]:
        """What is in the overlay itself."""
        found = (path for path in self.live.iterdir() if path.name != COPYING)
        return sorted(found, key=lambda path: (path != self.live / first, path))

    def _waiting(self, stamp: str) -> Path:
        return self.archives / f"{RESTORING}{stamp}"


def _copy(source: Path, target: Path) -> None:
    _remove(target)
    shutil.copytree(source, target, symlinks=True)
    for path in (target, *target.rglob("*")):
        if not path.is_symlink():
            sync(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

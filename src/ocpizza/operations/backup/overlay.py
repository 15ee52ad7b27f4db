"""The overlay's releases: saved with the database, and swapped when it is.

The database decides: what a restoration keeps under a stamp tells whether its overlay belongs
there, so a run that was killed between the two is finished by the next one.
"""

import errno
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from ocpizza.operations.backup.folder import sync, usable
from ocpizza.operations.backup.reading import OVERLAY, Archive, strange_links

RESTORING, PREVIOUS, COPYING = ".restoring-", ".previous-", ".copying"


def files(overlay: Path) -> Iterator[tuple[str, Path]]:
    """Return the files below a folder by name, none where there is no folder.

    What an update is staging is nothing yet, and may go while it is read.
    """
    for path in sorted(overlay.rglob("*")):
        inside = path.relative_to(overlay)
        staged = any(part.startswith(".") for part in inside.parts)
        if path.is_file() and not path.is_symlink() and not staged:
            yield inside.as_posix(), path


def links(overlay: Path) -> dict[str, str]:
    """Return the links below it that stay inside it; others are nothing of the shop's."""
    found = {
        path.relative_to(overlay).as_posix(): path.readlink().as_posix()
        for path in sorted(overlay.rglob("*"))
        if path.is_symlink()
    }
    strange = strange_links(found)
    return {name: target for name, target in found.items() if name not in strange}


def extract(archive: Archive, overlay: Path, stamp: str) -> None:
    """Put an archive's overlay beside the one that is there."""
    names = [name for name in archive.manifest.members if name.startswith(OVERLAY)]
    if not names and not overlay.exists():
        return
    beside = _beside(overlay, RESTORING, stamp)
    with usable(beside):
        beside.mkdir(0o755, parents=True)
        for name in names:
            path = beside / name.removeprefix(OVERLAY)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                for chunk in archive.chunks(name):
                    file.write(chunk)
        for name, target in archive.manifest.links.items():
            (beside / name).parent.mkdir(parents=True, exist_ok=True)
            (beside / name).symlink_to(target)


def swap(overlay: Path, stamp: str) -> None:
    """Have what was extracted take the overlay's place; it is kept as long as the database is."""
    beside = _beside(overlay, RESTORING, stamp)
    if not beside.exists():
        return
    with usable(overlay):
        if overlay.exists():
            _set_aside(overlay, _beside(overlay, PREVIOUS, stamp))
        beside.rename(overlay)
        sync(overlay.parent)


def _set_aside(overlay: Path, previous: Path) -> None:
    try:
        if not previous.exists():
            overlay.rename(previous)
            return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # A folder of a container's image is not renamed: overlayfs wants it copied.
        copy = previous.with_name(f"{previous.name}{COPYING}")
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(overlay, copy, symlinks=True)
        copy.rename(previous)
    shutil.rmtree(overlay)


def settle(overlay: Path, swapped: Callable[[str], bool]) -> None:
    """End what a run that was killed began: `swapped` knows whether its database took over."""
    for path in overlay.parent.glob(f"{overlay.name}{RESTORING}*"):
        stamp = path.name.removeprefix(f"{overlay.name}{RESTORING}")
        if swapped(stamp):
            swap(overlay, stamp)
        else:
            shutil.rmtree(path)


def forget_previous(overlay: Path) -> None:
    """Remove the overlays that restorations replaced."""
    for path in overlay.parent.glob(f"{overlay.name}{PREVIOUS}*"):
        shutil.rmtree(path)


def _beside(overlay: Path, what: str, stamp: str) -> Path:
    return overlay.with_name(f"{overlay.name}{what}{stamp}")

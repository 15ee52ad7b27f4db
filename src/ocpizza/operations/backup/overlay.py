"""The overlay's releases: plain files, and links between them."""

from collections.abc import Iterator
from pathlib import Path


def files(overlay: Path) -> Iterator[tuple[str, Path]]:
    """Return the files below a folder by name, none where there is no folder."""
    for path in sorted(overlay.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(overlay).as_posix(), path


def links(overlay: Path) -> dict[str, str]:
    """Return the links below it that stay inside it; others are nothing of the shop's."""
    root = overlay.resolve()
    return {
        path.relative_to(overlay).as_posix(): path.readlink().as_posix()
        for path in sorted(overlay.rglob("*"))
        if path.is_symlink()
        and not path.readlink().is_absolute()
        and path.resolve().is_relative_to(root)
    }

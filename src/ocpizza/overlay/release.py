"""A release as it lies on the disk: places, and their components by kind.

city_001/templates/account/orders.html    replaces our account/orders.jinja2 there
city_001/static/app.css                   replaces our app.css there
city_001/historic.py                      a module of its own
common/…                                  the same for every restaurant
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

COMMON = "common"
NAME = re.compile("[a-z0-9_]{1,40}")
STATIC, TEMPLATES = "static", "templates"


@dataclass(frozen=True)
class Place:
    """The components of one restaurant, or of all; files by what they are looked up by."""

    name: str
    templates: Mapping[str, Path] = field(default_factory=dict)
    static: Mapping[str, Path] = field(default_factory=dict)
    modules: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """The components of a release, none where there is no release."""

    folder: Path | None = None
    places: Mapping[str, Place] = field(default_factory=dict)

    @property
    def restaurants(self) -> Collection[str]:
        """The codes of the restaurants that have something of their own."""
        return self.places.keys() - {COMMON}

    def component(self, path: Path) -> str:
        """Return what a file of it is called: its path within the release."""
        return path.relative_to(self.folder or "/").as_posix()


def current(overlay: Path) -> Path | None:
    """Return the folder of the release that is in use, None where there is none.

    A link that leads out of the releases is none.
    """
    folder = (overlay / "current").resolve()
    known = (overlay / "releases").resolve()
    return folder if folder.parent == known and folder.is_dir() else None


def read_release(folder: Path | None, without: Collection[str] = ()) -> Release:
    """Return the components of a release, but for those named in `without`."""
    if folder is None:
        return Release()
    known = [path for path in sorted(folder.iterdir()) if _is_place(path)]
    places = {path.name: _place(folder, path, without) for path in known}
    return Release(folder, places)


def ignored_places(folder: Path) -> Iterator[str]:
    """Return the folders of a release that no restaurant's code may be the name of."""
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.is_symlink() and not _is_place(path):
            yield path.name


def _is_place(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and bool(NAME.fullmatch(path.name))


def _place(release: Path, folder: Path, without: Collection[str]) -> Place:
    def found(root: Path, name: Callable[[Path], str], suffix: str = "") -> dict[str, Path]:
        return {
            name(path.relative_to(root)): path
            for path in _files(root)
            if path.name.endswith(suffix) and path.relative_to(release).as_posix() not in without
        }

    modules = found(folder, lambda path: ".".join(path.with_suffix("").parts), ".py")
    return Place(
        folder.name,
        found(folder / TEMPLATES, lambda path: path.with_suffix("").as_posix(), ".html"),
        found(folder / STATIC, Path.as_posix),
        {name: path for name, path in modules.items() if _of_python(path.relative_to(folder))},
    )


def _of_python(path: Path) -> bool:
    return path.parts[0] not in (STATIC, TEMPLATES)


def _files(folder: Path) -> Iterator[Path]:
    """Return the files below a folder in order; a link is none, and leads nowhere."""
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in sorted(folder.iterdir()):
        if path.is_symlink():
            continue
        if path.is_dir():
            yield from _files(path)
        elif path.is_file():
            yield path

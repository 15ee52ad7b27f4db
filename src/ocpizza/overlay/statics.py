"""Static files by place, each place's under an address of its own that changes with them."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from ocpizza.overlay.release import STATIC, Release, read_release
from ocpizza.static_files import digest


class Statics:
    """The address of every static file of a release, by place and name."""

    def __init__(self, release: Release) -> None:
        self.folders = dict(_folders(release))
        self._paths: Mapping[str, Mapping[str, str]] = {
            place: {name: f"/{prefix}/{quote(name)}" for name in release.places[place].static}
            for place, (prefix, _) in self.folders.items()
        }

    def __bool__(self) -> bool:
        return bool(self.folders)

    def path(self, places: Sequence[str], name: str) -> str | None:
        """Return where the first of these places that has this file serves it."""
        for place in places:
            if path := self._paths.get(place, {}).get(name):
                return path
        return None


def static_folders(release: Path | None) -> dict[str, Path]:
    """Return the folder of static files that belongs under /static/<name>, by name."""
    found = _folders(read_release(release))
    return {prefix.removeprefix(f"{STATIC}/"): folder for _, (prefix, folder) in found}


def _folders(release: Release) -> Iterator[tuple[str, tuple[str, Path]]]:
    for name, place in release.places.items():
        if place.static and release.folder:
            folder = release.folder / name / STATIC
            yield name, (f"{STATIC}/{digest(folder, name)}", folder)

"""Pictures that a place has of products: found by their names, shown instead of our drawings."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from ocpizza.overlay.release import Place, Release
from ocpizza.overlay.statics import Statics

SUFFIXES = (".png", ".jpg", ".gif")


class Photos:
    """The address of every picture of a release, by place and product."""

    def __init__(self, release: Release, statics: Statics) -> None:
        self._paths: Mapping[str, Mapping[str, str]] = {
            name: dict(_photos(place, statics)) for name, place in release.places.items()
        }

    def __bool__(self) -> bool:
        return any(self._paths.values())

    def path(self, places: Sequence[str], kind: str, slug: str) -> str | None:
        """Return where these places have a picture of a product: `tokyo.png`, `pizza_tokyo.png`."""
        for place in places:
            paths = self._paths.get(place, {})
            if path := paths.get(slug) or paths.get(f"{kind}-{slug}"):
                return path
        return None


def product_name(file: str) -> str | None:
    """Return what a picture's file is called after, as slugs are written; None of other files."""
    path = PurePosixPath(file)
    if path.suffix.lower() not in SUFFIXES:
        return None
    return path.stem.casefold().replace("_", "-")


def _photos(place: Place, statics: Statics) -> Iterator[tuple[str, str]]:
    # Of two pictures of one product the last one written counts: the first in the alphabet.
    for file in sorted(place.static, reverse=True):
        name, path = product_name(file), statics.path([place.name], file)
        if name and path:
            yield name, path

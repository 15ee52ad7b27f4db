"""Pictures that a place has of products: found by their names, shown instead of our drawings."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from ocpizza.models.product import Kind
from ocpizza.overlay.errors import OverlayError
from ocpizza.overlay.release import STATIC, Place, Release
from ocpizza.overlay.statics import Statics

KINDS = {*map(str, Kind)}
SUFFIXES = (".png", ".jpg", ".gif")


class Photos:
    """The address of every picture of a release, by place and product."""

    def __init__(self, release: Release, statics: Statics, *, strict: bool = False) -> None:
        """Raises OverlayError for two pictures of one product in one place, if `strict`."""
        if strict:
            for place in release.places.values():
                _check_one_each(place)
        # Each with its age, for a product has two names that a picture may have.
        self._paths: Mapping[str, Mapping[str, tuple[int, str]]] = {
            name: {
                called: (age, path) for age, (called, path) in enumerate(_photos(place, statics))
            }
            for name, place in release.places.items()
        }

    def __bool__(self) -> bool:
        return any(self._paths.values())

    def path(self, places: Sequence[str], kind: str, slug: str) -> str | None:
        """Return where these places have a picture of a product: `tokyo.png`, `pizza_tokyo.png`."""
        for place in places:
            paths = self._paths.get(place, {})
            if found := [paths[name] for name in names(kind, slug) if name in paths]:
                return max(found)[1]
        return None


def product_name(file: str) -> str | None:
    """Return what a picture's file is called after, as slugs are written; None of other files."""
    path = PurePosixPath(file)
    if path.suffix.lower() not in SUFFIXES:
        return None
    return path.stem.casefold().replace("_", "-")


def names(kind: str, slug: str) -> tuple[str, str]:
    """Return what a picture of a product may be called."""
    return slug, f"{kind}-{slug}"


def _check_one_each(place: Place) -> None:
    seen: dict[str, str] = {}
    for file in place.static:
        name = _without_kind(product_name(file))
        other = seen.setdefault(name, file) if name else file
        if other != file:
            raise OverlayError(
                f"{place.name}/{STATIC}/{file}",
                f"{place.name}/{STATIC}/{other} is called after the product « {name} » too, and of "
                "two pictures of a product one hides the other: give one of them another name",
            )


def _without_kind(name: str | None) -> str | None:
    """Return « tokyo » of « pizza-tokyo » too: they are the same pizza."""
    kind, _, slug = (name or "").partition("-")
    return slug if kind in KINDS and slug else name


def _photos(place: Place, statics: Statics) -> Iterator[tuple[str, str]]:
    # Of two pictures of one product the newest counts: it is the one that was brought last.
    for file in sorted(place.static, key=lambda file: (place.static[file].stat().st_mtime, file)):
        name, path = product_name(file), statics.path([place.name], file)
        if name and path:
            yield name, path

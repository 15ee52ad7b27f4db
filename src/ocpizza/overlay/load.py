"""A release read and taken into memory, as far as it fits this program."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

import structlog
from jinja2 import Environment

from ocpizza.overlay.errors import OverlayError
from ocpizza.overlay.modules import Modules
from ocpizza.overlay.photos import Photos
from ocpizza.overlay.release import COMMON, Release, ignored_places, read_release
from ocpizza.overlay.statics import Statics
from ocpizza.overlay.tables import load_checked
from ocpizza.overlay.templates import Templates

log = structlog.get_logger()
T = TypeVar("T")


class Overlay:
    """What lies over the package; `set_aside` are the components that do not fit it."""

    def __init__(
        self, folder: Path | None, *, strict: bool, set_aside: Iterable[OverlayError] = ()
    ) -> None:
        """Read a release. Raises OverlayError if `strict`."""
        self._folder, self.strict = folder, strict
        self.set_aside = list(set_aside)
        self.templates: Templates | None = None
        # The routes of components, and whose they are.
        self.route_places: dict[str, str] = {}
        self.release = self._read()
        if strict and folder and (ignored := next(ignored_places(folder), None)):
            reason = "no place is called so: small letters, digits and _, 40 at most"
            raise OverlayError(ignored, reason)
        self.modules = self._modules()
        self.statics = Statics(self.release)
        self.photos = Photos(self.release, self.statics, strict=strict)

    @property
    def served(self) -> str:
        """Return the stamp of the release, and whether all of it is served; empty without one."""
        if self._folder is None:
            return ""
        aside = len(self.set_aside)
        return f"{self._folder.name}, {aside} set aside" if aside else self._folder.name

    def refuse(self, error: OverlayError) -> None:
        """Set a component aside, or raise what is wrong with it if strict."""
        if self.strict:
            raise error
        log.error("component set aside", component=error.component, reason=error.reason)
        self.set_aside.append(error)
        self.release = self._read()

    def compile_templates(self, base: Environment) -> None:
        """Take the templates into memory, over those of `base`."""
        self.templates = self._as_far_as_it_fits(lambda: Templates(self.release, base))

    def has_template(self, place: str, name: str) -> bool:
        """Return whether a view of a place finds a template of this name."""
        assert self.templates is not None
        return self.templates.has(self.places(place), name)

    def places(self, restaurant: str | None) -> tuple[str, ...]:
        """Return where components for a restaurant's pages are looked for, the nearest first."""
        order = dict.fromkeys((restaurant or COMMON, COMMON))
        return tuple(place for place in order if place in self.release.places)

    def _read(self) -> Release:
        without = {error.component for error in self.set_aside}
        return read_release(self._folder, without)

    def _modules(self) -> Modules:
        return self._as_far_as_it_fits(lambda: load_checked(self.release))

    def _as_far_as_it_fits(self, make: Callable[[], T]) -> T:
        while True:
            try:
                return make()
            except OverlayError as error:
                self.refuse(error)

"""What the includeme of a component may do: views and routes of its own place, and nothing else.

`common` is every restaurant's place.
"""

from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

import venusian
from pyramid.config import Configurator
from pyramid.events import NewResponse

from ocpizza import resources as about
from ocpizza.overlay.errors import OverlayError, in_one_line, is_interrupt, line_in
from ocpizza.overlay.modules import LoadedModule
from ocpizza.overlay.places import restaurant_of
from ocpizza.overlay.release import COMMON
from ocpizza.overlay.templates import SUFFIXES
from ocpizza.request import Request
from ocpizza.routes import ROUTES
from ocpizza.security.permissions import Permission

if TYPE_CHECKING:
    from ocpizza.overlay.load import Overlay

OURS = frozenset(name for name, _, _ in ROUTES)
# What a view may say; no more conditions than these, so that the nearest place's comes first.
KNOWN = {"route_name", "renderer", "permission", "request_method", "attr", "decorator"}
# Where venusian found it, for Pyramid's messages.
INTERNAL = {"_info", "_depth"}


class AtPlace:
    """A view is asked for one restaurant's pages only, or for everybody's (`common`)."""

    def __init__(self, place: str, _info: Any) -> None:
        self.place = place

    def text(self) -> str:
        return f"overlay = {self.place}"

    phash = text

    def __call__(self, context: object, request: Request) -> bool:
        return self.place == COMMON or restaurant_of(request) == self.place


class PlaceConfig:
    """Stands for Pyramid's configurator in a component's `includeme(config)`."""

    def __init__(self, config: Configurator, overlay: "Overlay", component: LoadedModule) -> None:
        self._config = config.with_package(component.module)
        self._overlay, self._component = overlay, component
        self.registry = config.registry

    def add_route(
        self, name: str, pattern: str, factory: Callable[[Request], Any] = about.everywhere
    ) -> None:
        """Add a page of the place's own: `city_001_historic`, at `/city_001/…`."""
        place = self._component.place
        if not name.startswith(f"{place}_"):
            raise self._refusal(f"route {name}: its name must begin with {place}_")
        if not pattern.startswith(f"/{place}/"):
            raise self._refusal(f"route {name}: its address must begin with /{place}/")
        self._overlay.route_places[name] = place
        self._config.add_route(name, pattern, factory=factory)

    def add_view(self, view: Any = None, **said: Any) -> None:
        """Add a view of a route of ours, or of one's own."""
        if unknown := sorted(said.keys() - KNOWN - INTERNAL):
            raise self._refusal(f"a view says {', '.join(unknown)}, which components may not")
        route = said.get("route_name")
        if route not in OURS and self._overlay.route_places.get(str(route)) != self._place:
            raise self._refusal(f"a view is for route {route}, which is none of this place")
        said.setdefault("request_method", "GET")
        said["permission"] = self._permission(said.get("permission"))
        self._check_renderer(said.get("renderer"))
        predicate = "overlay_common" if self._place == COMMON else "overlay_place"
        self._config.add_view(view, **{predicate: self._place}, **said)

    def scan(self, module: ModuleType | None = None) -> None:
        """Add the views that `@view_config` marks in the component, or in another module of it."""
        scanner = venusian.Scanner(config=self)
        scanner.scan(module or self._component.module, categories=("pyramid",))

    def with_package(self, _package: Any) -> "PlaceConfig":
        """Return itself: `@view_config` asks for it."""
        return self

    @property
    def _place(self) -> str:
        return self._component.place

    def _permission(self, permission: Any) -> Permission:
        try:
            return Permission(Permission.STAFF_HOME if permission is None else permission)
        except ValueError:
            raise self._refusal(f"there is no permission {permission}") from None

    def _check_renderer(self, renderer: Any) -> None:
        if not isinstance(renderer, str) or not renderer.endswith(SUFFIXES):
            return
        if not self._overlay.has_template(self._place, renderer):
            raise self._refusal(f"there is no template {renderer}")

    def _refusal(self, reason: str) -> OverlayError:
        return OverlayError(self._component.name, reason)


def include_modules(config: Configurator, overlay: "Overlay") -> None:
    """Have every component that has an `includeme` add its views. Raises OverlayError."""
    for component in overlay.modules.components:
        includeme = getattr(component.module, "includeme", None)
        if includeme is None:
            continue
        try:
            includeme(PlaceConfig(config, overlay, component))
            config.commit()
        except OverlayError:
            raise
        except BaseException as error:
            if is_interrupt(error):
                raise
            reason = f"includeme: {in_one_line(error)}"
            line = line_in(str(component.module.__file__), error)
            raise OverlayError(component.name, reason, line) from error


def keep_nowhere(event: NewResponse) -> None:
    """A page of a component's own may be about one person: nobody keeps it, whatever it is."""
    route = getattr(event.request, "matched_route", None)
    if route and route.name in event.request.registry["overlay"].route_places:
        event.response.headers["Cache-Control"] = "no-store"


def includeme(config: Configurator) -> None:
    config.add_view_predicate("overlay_common", AtPlace)
    config.add_view_predicate("overlay_place", AtPlace, weighs_more_than="overlay_common")
    config.commit()
    overlay: Overlay = config.registry["overlay"]
    include_modules(config, overlay)
    if overlay.route_places:
        config.add_subscriber(keep_nowhere, NewResponse)

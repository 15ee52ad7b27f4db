"""What a page may be asked with: any other method is refused before anything is looked up."""

from collections.abc import Iterable

from pyramid.config import Configurator
from pyramid.events import ApplicationCreated, BeforeTraversal
from pyramid.httpexceptions import HTTPMethodNotAllowed
from pyramid.registry import Registry

READ = ("GET", "HEAD")


def allowed_methods(registry: Registry) -> dict[str, tuple[str, ...]]:
    """Return the methods of each route, as its views say; one that says nothing is read."""
    found: dict[str, set[str]] = {}
    for entry in registry.introspector.get_category("views") or ():
        view = entry["introspectable"]
        if view["route_name"]:
            found.setdefault(view["route_name"], set()).update(_said(view["request_methods"]))
    return {route: tuple(sorted(methods)) for route, methods in found.items()}


def refuse_others(event: BeforeTraversal) -> None:
    """405, with what may be used instead."""
    request = event.request
    route = getattr(request, "matched_route", None)
    if route is None:
        return
    allowed = request.registry["methods"].get(route.name, READ)
    if request.method not in allowed:
        raise HTTPMethodNotAllowed(headers=[("Allow", ", ".join(allowed))])


def _said(methods: str | Iterable[str] | None) -> set[str]:
    said = {methods} if isinstance(methods, str) else set(methods or READ)
    return said | {"HEAD"} if "GET" in said else said


def _note_methods(event: ApplicationCreated) -> None:
    event.app.registry["methods"] = allowed_methods(event.app.registry)


def includeme(config: Configurator) -> None:
    config.registry["methods"] = {}
    config.add_subscriber(_note_methods, ApplicationCreated)
    config.add_subscriber(refuse_others, BeforeTraversal)

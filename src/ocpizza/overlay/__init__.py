"""The overlay: components of a restaurant, then common ones, over what the package brings.

Looked up for each request, by the restaurant that its page is about (`places`). See `release` for
what a release looks like; `build` has what `ocpizza update` calls.
"""

from typing import TYPE_CHECKING
from urllib.parse import quote

from ocpizza.overlay.errors import OverlayError

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from ocpizza.overlay.load import Overlay
    from ocpizza.request import Request

__all__ = ["OverlayError"]


def static_file(request: "Request", name: str) -> str:
    """Return the address of a static file: the restaurant's, else the common one, else ours."""
    ours = f"{request.script_name}{request.registry['static_prefix']}/{quote(name)}"
    return own_file(request, name) or ours


def own_file(request: "Request", name: str) -> str | None:
    """Return the address of the restaurant's static file or the common one, None without any."""
    overlay: Overlay = request.registry["overlay"]
    path = overlay.statics.path(request.overlay_places, name) if overlay.statics else None
    return request.script_name + path if path else None


def own_picture(
    request: "Request", kind: str, slug: str, restaurant: str | None = None
) -> str | None:
    """Return the address of the picture that an update brought of a product, None without any.

    Of another restaurant than the page's, where one is named.
    """
    overlay: Overlay = request.registry["overlay"]
    if not overlay.photos or not slug:
        return None
    places = overlay.places(restaurant) if restaurant else request.overlay_places
    path = overlay.photos.path(places, kind, slug)
    return request.script_name + path if path else None


def includeme(config: "Configurator") -> None:
    """Templates and static files; `binding` includes the Python, once there are routes."""
    from ocpizza.overlay import places, templates
    from ocpizza.static_files import YEAR

    overlay: Overlay = config.registry["overlay"]
    config.add_request_method(places.overlay_places, property=True)
    config.add_request_method(static_file)
    config.add_request_method(own_file)
    config.add_request_method(own_picture)
    for prefix, folder in overlay.statics.folders.values():
        config.add_static_view(prefix, str(folder), cache_max_age=YEAR)
    base = config.get_jinja2_environment(name=".jinja2")
    overlay.compile_templates(base)
    if found := overlay.templates:
        config.commit()
        for suffix in templates.SUFFIXES:
            config.add_renderer(
                suffix,
                lambda info: templates.renderer(found, info.name, strict=overlay.strict),
            )

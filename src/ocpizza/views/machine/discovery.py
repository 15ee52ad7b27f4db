"""What search engines, browsers and telephones ask a site for: robots, sitemap, manifest, icon."""

import json
from collections.abc import Iterator

from markupsafe import escape
from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.httpexceptions import HTTPFound
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.i18n import _
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.offered import offered_everywhere
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.static_files import FOLDER

# The pages that anybody may find; all others ask not to be listed.
PUBLIC = frozenset(
    {
        "home",
        "terms",
        "legal_notice",
        "privacy",
        "accessibility",
        "allergens_anywhere",
        "allergens",
        "menu",
        "product",
        "picture",
        "photo",
        "robots",
        "sitemap",
        "manifest",
        "favicon",
    }
)
ANYWHERE = ("home", "allergens_anywhere", "terms", "legal_notice", "privacy", "accessibility")
# Addresses that only lead back or away: no secret one is among them.
NOT_FOR_ROBOTS = ("panier", "commande", "modification", "compte", "connexion", "equipe")
DAY = 24 * 3600
# In memory: a running site reads none of its files.
FAVICON = (FOLDER / "favicon.ico").read_bytes()
ICONS = (("icon.svg", "any", "image/svg+xml"), ("icon-192.png", "192x192", "image/png"))
MASKABLE = "icon-512.png"


@view_config(route_name="robots", request_method="GET", permission=Permission.SHOP)
def robots(request: Request) -> Answer:
    lines = [f"Disallow: {request.script_name}/{path}" for path in NOT_FOR_ROBOTS]
    sitemap = f"Sitemap: {own_url(request, request.route_path('sitemap'))}"
    text = "\n".join(["User-agent: *", *lines, "", sitemap, ""])
    return _kept(Response(text, content_type="text/plain"))


@view_config(route_name="sitemap", request_method="GET", permission=Permission.SHOP)
def sitemap(request: Request) -> Answer:
    pages = "".join(
        f"<url><loc>{escape(own_url(request, path))}</loc></url>" for path in _paths(request)
    )
    schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="{schema}">{pages}</urlset>'
    return _kept(Response(text, content_type="application/xml"))


@view_config(route_name="manifest", request_method="GET", permission=Permission.SHOP)
def manifest(request: Request) -> Answer:
    text = _("Pizzas livrées ou à emporter, faites à la commande.")
    known = {
        "name": "OC Pizza",
        "short_name": "OC Pizza",
        "description": request.localizer.translate(text),
        "lang": request.locale_name,
        "start_url": request.route_path("home"),
        "scope": request.route_path("home"),
        "display": "browser",
        "background_color": "#fdf7ee",
        "theme_color": "#b92d1b",
        "icons": app_icons(request),
    }
    content = json.dumps(known, ensure_ascii=False)
    return Response(content, content_type="application/manifest+json", charset="utf-8")


@view_config(route_name="favicon", request_method="GET", permission=Permission.SHOP)
def favicon(request: Request) -> Answer:
    if own := request.own_file("favicon.ico"):
        return _kept(HTTPFound(own))
    return _kept(Response(FAVICON, content_type="image/vnd.microsoft.icon"))


def own_url(request: Request, path: str) -> str:
    """Return the whole address of a page of ours, as the site calls itself."""
    site: str = request.registry.settings["site.url"]
    return site.rstrip("/") + path


def listed(request: Request) -> bool:
    """Return whether the page of this request may be found by anybody."""
    route = getattr(request, "matched_route", None)
    return route is not None and route.name in PUBLIC


def public_url(request: Request) -> str | None:
    """Return the address under which everybody may find this page, None of a page that is not
    listed.
    """
    return own_url(request, request.path) if listed(request) else None


def keep_private(event: NewResponse) -> None:
    """Ask robots not to list what is somebody's own, or no page at all."""
    response = event.response
    if not listed(event.request) and not event.request.environ["PATH_INFO"].startswith("/static/"):
        response.headers.setdefault("X-Robots-Tag", "noindex")


def includeme(config: Configurator) -> None:
    config.add_subscriber(keep_private, NewResponse)
    config.add_request_method(public_url)
    config.add_request_method(own_url)


def _paths(request: Request) -> Iterator[str]:
    yield from (request.route_path(route) for route in ANYWHERE)
    offered = offered_everywhere(request.db)
    for point in list_restaurants(request.db):
        here = {"restaurant": point.slug}
        yield request.route_path("menu", **here)
        yield request.route_path("allergens", **here)
        for slug in offered[point.id]:
            yield request.route_path("product", product=slug, **here)


def app_icons(request: Request) -> list[dict[str, str]]:
    """Return the icons of a manifest."""
    icons = [_icon(request, name, sizes=sizes, type=kind) for name, sizes, kind in ICONS]
    whole = {"sizes": "512x512", "type": "image/png", "purpose": "any maskable"}
    return [*icons, _icon(request, MASKABLE, **whole)]


def _icon(request: Request, name: str, **values: str) -> dict[str, str]:
    return {"src": request.static_file(name), **values}


def _kept(response: Response) -> Response:
    response.cache_control = f"public, max-age={DAY}"
    return response

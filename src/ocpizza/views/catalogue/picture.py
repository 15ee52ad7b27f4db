"""Drawn pictures of products: the same ingredients always have the same address."""

import re
from functools import lru_cache

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.models.product import Kind
from ocpizza.pictures import ART_VERSION, draw
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.views.catalogue.photo import LARGE, SMALL, photo_path

MAX_CODES = 20
# An address has one at least, and nobody sees this one on a picture.
OF_NOTHING = "farine"
CODE = "[a-z0-9-]{1,40}"
CODES = re.compile(f"{CODE}(_{CODE}){{0,{MAX_CODES - 1}}}")
# Pages that were shown before an upgrade ask for the pictures of their time.
VERSIONS = {str(version) for version in range(1, ART_VERSION + 1)}
YEAR = 365 * 24 * 3600
cached_draw = lru_cache(maxsize=500)(draw)


@view_config(route_name="picture", permission=Permission.SHOP)
def picture(request: Request) -> Answer:
    kind, text = request.matchdict["kind"], request.matchdict["codes"]
    codes = text.split("_")
    canonical = CODES.fullmatch(text) and codes == sorted(set(codes))
    if kind not in tuple(Kind) or not canonical or request.matchdict["version"] not in VERSIONS:
        raise HTTPNotFound
    response = Response(cached_draw(kind, tuple(codes)), content_type="image/svg+xml")
    response.cache_control = f"public, max-age={YEAR}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'"
    return response


def picture_path(
    request: Request,
    kind: Kind,
    codes: list[str],
    slug: str = "",
    restaurant: str | None = None,
    photo: str = "",
    *,
    large: bool = False,
) -> str:
    """Return the address of a product's picture; without a photo it is drawn.

    A drawing is made of 20 ingredients at most.
    """
    shown = shown_photo(request, kind, slug, photo, restaurant, large=large)
    return shown or request.script_name + _path(kind, tuple(codes))


def shown_photo(
    request: Request,
    kind: Kind,
    slug: str,
    photo: str = "",
    restaurant: str | None = None,
    *,
    large: bool = True,
) -> str | None:
    """Return the address of a restaurant's own picture of a product, else of the product's photo.

    The restaurant is the page's unless another is named; a `photo` is named by its digest.
    """
    own = request.own_picture(kind, slug, restaurant)
    if own or not photo:
        return own
    return request.script_name + photo_path(photo, LARGE if large else SMALL)


@lru_cache(maxsize=1000)
def _path(kind: Kind, codes: tuple[str, ...]) -> str:
    named = "_".join(sorted(set(codes))[:MAX_CODES]) or OF_NOTHING
    return f"/dessin/{ART_VERSION}/{kind}/{named}.svg"


def includeme(config: Configurator) -> None:
    config.add_request_method(picture_path)
    config.add_request_method(shown_photo)

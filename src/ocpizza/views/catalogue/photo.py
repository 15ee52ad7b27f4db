"""Photos of products that staff uploaded: an address names one for ever."""

from pyramid.httpexceptions import HTTPNotFound, HTTPNotModified
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.product_photo import WEBP, find_photo
from ocpizza.static_files import YEAR

# Squares of a product's page, and of its card.
LARGE, SMALL = "fiche", "carte"
# Of the digest: the whole of it would be taken for a key, and kept out of logs.
NAMED_BY = 32
FOR_EVER = f"public, max-age={YEAR}, immutable"


@view_config(route_name="photo", permission=Permission.SHOP)
def photo(request: Request) -> Answer:
    size, digest = request.matchdict["size"], request.matchdict["digest"]
    version = f"{digest}-{size}"
    if version in request.if_none_match:
        # What an address names never changes.
        raise HTTPNotModified(headers=[("ETag", f'"{version}"'), ("Cache-Control", FOR_EVER)])
    content = find_photo(request.db, digest, large=size == LARGE)
    if content is None:
        raise HTTPNotFound
    response = Response(content, content_type=WEBP)
    response.etag, response.cache_control = version, FOR_EVER
    response.headers["Content-Security-Policy"] = "default-src 'none'"
    return response


def photo_path(photo: str, size: str) -> str:
    """Return the address of a photo by its digest."""
    return f"/photo/{size}/{photo[:NAMED_BY]}.webp"

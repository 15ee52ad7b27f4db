"""RFC 9116: whom to tell of a weakness of the site."""

from datetime import timedelta

from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config

from ocpizza.i18n.catalogues import LANGUAGES
from ocpizza.request import Request
from ocpizza.security.permissions import Permission

# The RFC recommends less than a year.
VALID = timedelta(days=180)


@view_config(
    route_name="security_txt",
    request_method="GET",
    renderer="string",
    permission=Permission.SHOP,
)
def security_txt(request: Request) -> str:
    """The file, always fresh; none while nobody has said where to write to."""
    settings = request.registry.settings
    contact = settings["legal.email"].strip()
    if not contact:
        raise HTTPNotFound
    request.response.content_type = "text/plain"
    request.response.cache_control = "max-age=86400"
    expires = (request.now + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
    canonical = settings["site.url"].rstrip("/") + request.route_path("security_txt")
    return (
        f"Contact: mailto:{contact}\n"
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}\n"
        f"Preferred-Languages: {', '.join(LANGUAGES)}\n"
        f"Canonical: {canonical}\n"
    )

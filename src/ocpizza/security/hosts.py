"""The names that the site answers to; nothing is ever built from another one.

Whoever points a name of their own at our address gets the site's own instead (a page), or a
refusal (anything else). An address in numbers is answered: nobody can point that at us, and a new
machine is first seen by it.
"""

import ipaddress
import re
from urllib.parse import urlsplit

from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.httpexceptions import HTTPBadRequest, HTTPFound

from ocpizza.request import Request
from ocpizza.settings import Settings

HOST = re.compile(r"(?:(?P<name>[A-Za-z0-9.-]+)|\[(?P<address>[0-9A-Fa-f:.]+)\])(?::[0-9]{1,5})?")
HERE = "localhost"
# Load balancers ask by whatever name they like.
FOR_ANYBODY = "/health/"


class UnknownHost(HTTPBadRequest):
    """Asked under a name that is not the site's."""


def known_hosts(settings: Settings) -> frozenset[str]:
    """Return the names of the site; empty while only this machine has been told of it."""
    own = urlsplit(settings["site.url"]).hostname or HERE
    names = frozenset({own, *settings["site.hosts"]})
    return frozenset() if all(map(_is_nobodys, names)) else names


def host_name(host: str) -> str:
    """Return the name in a Host header, without its port; empty for what is none."""
    said = HOST.fullmatch(host)
    return (said["name"] or said["address"]).lower().rstrip(".") if said else ""


def refuse_unknown(event: NewRequest) -> None:
    """Send readers of an unknown name to the site, and refuse whatever else is asked of it."""
    request = event.request
    known = request.registry["hosts"]
    name = host_name(request.host)
    if not known or name in known or _is_nobodys(name):
        return
    if request.environ.get("PATH_INFO", "").startswith(FOR_ANYBODY):
        return
    if not name or request.method not in ("GET", "HEAD"):
        raise UnknownHost
    site = request.registry.settings["site.url"].rstrip("/")
    raise HTTPFound(f"{site}{_path(request)}", cache_control="no-store")


def _path(request: Request) -> str:
    try:
        return request.path_qs
    except UnicodeDecodeError:
        raise UnknownHost from None


def _is_nobodys(name: str) -> bool:
    """Return whether no name server leads there: this machine, or an address in numbers."""
    try:
        return name == HERE or bool(ipaddress.ip_address(name))
    except ValueError:
        return False


def includeme(config: Configurator) -> None:
    config.registry["hosts"] = known_hosts(config.registry.settings)
    config.add_subscriber(refuse_unknown, NewRequest)

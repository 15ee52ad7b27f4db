"""For load balancers and watchdogs: plain text, no session, no layout."""

from pyramid.view import view_config

from ocpizza.health import unready
from ocpizza.request import Request
from ocpizza.security.permissions import Permission

OPEN = {"renderer": "string", "request_method": "GET", "permission": Permission.SHOP}


@view_config(route_name="health_live", **OPEN)
def live(request: Request) -> str:
    return _answer(request, None)


@view_config(route_name="health_ready", **OPEN)
def ready(request: Request) -> str:
    return _answer(request, unready(request.registry))


def _answer(request: Request, why: str | None) -> str:
    request.response.content_type = "text/plain"
    request.response.cache_control = "no-store"
    request.response.status_int = 503 if why else 200
    if served := request.registry["overlay"].served:
        # Whoever updates the site waits for it.
        request.response.headers["Release"] = served
    return f"{why or 'ok'}\n"

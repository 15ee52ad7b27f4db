"""Error pages. They must not touch the database: it may be what failed."""

import secrets
from typing import Any

import structlog
from pyramid.csrf import BadCSRFToken
from pyramid.httpexceptions import (
    HTTPBadRequest,
    HTTPError,
    HTTPForbidden,
    HTTPMethodNotAllowed,
    HTTPSeeOther,
)
from pyramid.response import Response
from pyramid.view import (
    exception_view_config,
    forbidden_view_config,
    notfound_view_config,
)
from sqlalchemy.exc import SQLAlchemyError

from ocpizza.i18n import _
from ocpizza.outage import DatabaseDown, is_outage
from ocpizza.request import Answer, Request
from ocpizza.secret_addresses import shown_address
from ocpizza.security.hosts import UnknownHost
from ocpizza.security.page_marks import marked_for
from ocpizza.security.polls import is_poll
from ocpizza.security_log import Action, Result, tell
from ocpizza.services.rate_limits import TooManyUses
from ocpizza.views.answers import too_many_tries
from ocpizza.views.kept_forms import to_who_typed

TEMPLATE = "error.jinja2"
RETRY_SECONDS = 10
log = structlog.get_logger()


def page(request: Request, status: int, title: str, text: str, **more: Any) -> dict[str, Any]:
    """Return what the error template shows."""
    request.response.status_int = status
    return {"title": title, "text": text, "error_id": None, "retry": None, **more}


@notfound_view_config(renderer=TEMPLATE)
def not_found(request: Request) -> Answer:
    text = _("Cette page n’existe pas, ou n’existe plus. Votre panier, lui, est toujours là.")
    return page(request, 404, _("Page introuvable"), text)


@forbidden_view_config(renderer=TEMPLATE)
def forbidden(exception: HTTPForbidden, request: Request) -> Answer:
    # Loaded before anything was refused: no question to the database.
    if request.signed_in is None:
        if request.matched_route and is_poll(request.matched_route.name):
            # The page around it loads anew, and leads to signing in and back.
            return Response(status=403)
        if answer := to_who_typed(request):
            return answer
        query = {"suite": request.path} if request.method == "GET" else {}
        return HTTPSeeOther(request.route_path("sign_in", _query=query))
    tell(Action.ACCESS, Result.REFUSED)
    another = marked_for(request) not in (None, request.signed_in.account_id)
    if another and (answer := to_who_typed(request)):
        return answer
    text = _("Votre compte ne donne pas accès à cette page.")
    return page(request, 403, _("Accès refusé"), text)


@exception_view_config(BadCSRFToken, renderer=TEMPLATE)
def cross_site(exception: BadCSRFToken, request: Request) -> Answer:
    tell(Action.CROSS_SITE, Result.REFUSED)
    if answer := to_who_typed(request):
        return answer
    text = _(
        "Cette demande ne vient pas d’une page à jour de notre site, par sécurité nous ne l’avons "
        "pas suivie. Rien n’est perdu : revenez à la page, rechargez-la et recommencez."
    )
    return page(request, 400, _("Demande refusée"), text)


@exception_view_config(HTTPBadRequest, renderer=TEMPLATE)
@exception_view_config(UnicodeDecodeError, renderer=TEMPLATE)
def bad_request(exception: HTTPBadRequest | UnicodeDecodeError, request: Request) -> Answer:
    text = _("Nous n’avons pas compris cette demande. Revenez en arrière et recommencez.")
    return page(request, 400, _("Demande incorrecte"), text)


@exception_view_config(UnknownHost, renderer=TEMPLATE)
def unknown_host(exception: UnknownHost, request: Request) -> Answer:
    site = request.registry.settings["site.url"]
    text = _(
        "Cette adresse n’est pas celle de notre site. La bonne : ${site}", mapping={"site": site}
    )
    return page(request, 400, _("Demande incorrecte"), text)


@exception_view_config(HTTPMethodNotAllowed, renderer=TEMPLATE)
def method_not_allowed(exception: HTTPMethodNotAllowed, request: Request) -> Answer:
    request.response.headers["Allow"] = exception.headers["Allow"]
    text = _(
        "Cette adresse fait partie d’une autre page. Revenez-y : votre panier est toujours là."
    )
    return page(request, 405, _("Rien à ouvrir ici"), text)


@exception_view_config(HTTPError)
def other_http_error(exception: HTTPError, request: Request) -> Answer:
    return exception


@exception_view_config(TooManyUses, renderer=TEMPLATE)
def too_many(exception: TooManyUses, request: Request) -> Answer:
    text = too_many_tries(request, exception)
    return page(request, request.response.status_int, _("Un instant, s’il vous plaît"), text)


@exception_view_config(DatabaseDown, renderer=TEMPLATE)
@exception_view_config(SQLAlchemyError, renderer=TEMPLATE)
def database_failed(exception: DatabaseDown | SQLAlchemyError, request: Request) -> Answer:
    """A database that is down is no bug of ours; whatever else it says is one."""
    if not is_outage(exception):
        return crash(exception, request)
    request.registry["outage"].failed(exception)
    request.response.retry_after = RETRY_SECONDS
    request.response.cache_control = "no-store"
    title = _("Nous revenons tout de suite")
    if request.method in ("GET", "HEAD"):
        text = _(
            "Le site ne répond pas pour le moment. Rien n’est perdu : réessayez dans un instant, "
            "ou appelez votre restaurant."
        )
        return page(request, 503, title, text, retry=request.path_qs)
    text = _(
        "Le site ne répond pas pour le moment, et votre envoi n’est peut-être pas arrivé. Attendez "
        "un instant, puis envoyez-le de nouveau : une commande n’est jamais passée deux fois."
    )
    return page(request, 503, title, text)


@exception_view_config(Exception, renderer=TEMPLATE)
def crash(exception: Exception, request: Request) -> Answer:
    error_id = secrets.token_hex(4)
    log.error("crash", error_id=error_id, path=shown_address(request.path), exc_info=exception)
    text = _(
        "Une erreur est survenue de notre côté. Rien n’est perdu : réessayez dans un instant, "
        "ou appelez votre restaurant."
    )
    return page(request, 500, _("Un problème de notre côté"), text, error_id=error_id)

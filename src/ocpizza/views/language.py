"""The choice of language, by a switch on every page."""

from urllib.parse import urlsplit

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPBadRequest, HTTPSeeOther
from pyramid.view import view_config

from ocpizza.i18n.catalogues import LANGUAGES
from ocpizza.i18n.negotiation import keep_language
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.account.edit import choose_language
from ocpizza.views.return_path import path_of_ours


@view_config(route_name="language", request_method="POST", permission=Permission.SHOP)
def choose(request: Request) -> Answer:
    language = request.POST.get("langue")
    if language not in LANGUAGES:
        raise HTTPBadRequest
    keep_language(request, language)
    if request.signed_in:
        choose_language(request.db, request.signed_in.account_id, language)
    return HTTPSeeOther(path_of_ours(request.POST.get("suite")) or request.route_path("home"))


def other_languages(request: Request) -> dict[str, str]:
    """Return the languages that a visitor may change to: code → what it calls itself."""
    return {code: name for code, name in LANGUAGES.items() if code != request.locale_name}


def return_path(request: Request) -> str:
    """Return the page to come back to; for what a post answered, the page that was posted from."""
    if request.method in ("GET", "HEAD"):
        return request.path_qs
    try:
        before = urlsplit(request.referer or "")
    except ValueError:
        return request.route_path("home")
    here = before.netloc == request.host and path_of_ours(before.path)
    return here or request.route_path("home")


def includeme(config: Configurator) -> None:
    config.add_request_method(other_languages)
    config.add_request_method(return_path)

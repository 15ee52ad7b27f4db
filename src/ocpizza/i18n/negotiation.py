"""Which language a visitor reads: the one they chose, or the one their browser asks for.

Pyramid's own choice trusts any `?_LOCALE_=` and bad UTF-8. Nothing here asks the database: error
pages are written in a language too.
"""

from functools import lru_cache, partial

from pyramid.config import Configurator
from pyramid.interfaces import ILocalizer
from pyramid.response import Response
from webob.acceptparse import create_accept_language_header

from ocpizza.cookie_names import cookie_name, cookie_names
from ocpizza.i18n.catalogues import FRENCH, LANGUAGES
from ocpizza.i18n.localizer import localizer
from ocpizza.request import Request

COOKIE = "langue"
YEAR = 365 * 24 * 3600
MAX_HEADER_LENGTH = 500


def negotiate(request: Request) -> str:
    """Return the visitor's language, French when nothing says which."""
    for name in cookie_names(request, COOKIE):
        if (chosen := request.cookies.get(name)) in LANGUAGES:
            return chosen
    return accepted(request.headers.get("Accept-Language", ""))


def accepted(header: str) -> str:
    """Return the best of our languages for this Accept-Language header, however strange it is."""
    return _accepted(header) if 0 < len(header) <= MAX_HEADER_LENGTH else FRENCH


@lru_cache(maxsize=1000)
def _accepted(header: str) -> str:
    wanted = create_accept_language_header(header)
    return wanted.lookup(tuple(LANGUAGES), default=FRENCH) or FRENCH


def keep_language(request: Request, language: str) -> None:
    """Speak this language from now on, for a year, on this device."""
    request.locale_name = language
    request.localizer = request.registry.getUtility(ILocalizer, name=language)
    request.add_response_callback(partial(_set_cookie, language))


def _set_cookie(language: str, request: Request, response: Response) -> None:
    response.set_cookie(
        cookie_name(request, COOKIE),
        language,
        max_age=YEAR,
        secure=request.scheme == "https",
        httponly=True,
        samesite="Lax",
    )


def includeme(config: Configurator) -> None:
    config.set_locale_negotiator(negotiate)
    for language in LANGUAGES:
        config.registry.registerUtility(localizer(language), ILocalizer, name=language)

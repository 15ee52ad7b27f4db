"""Requests that cannot be read are the sender's mistake, not a crash of ours."""

import re

from pyramid.config import Configurator
from pyramid.events import ContextFound, NewRequest
from pyramid.httpexceptions import HTTPBadRequest

from ocpizza.request import Request

# The one form that takes a file, and its field; nginx lets no body as large as that go elsewhere.
PHOTO = re.compile(r"/equipe/[a-z0-9_]{1,40}/produits/[a-z0-9-]{1,80}/photo")
FILE = "photo"


def refuse_unreadable(event: NewRequest) -> None:
    """Refuse strange character sets, broken bodies, and files."""
    if event.request.charset != "UTF-8":
        raise HTTPBadRequest
    if not _takes_a_file(event.request):
        _check_fields(event.request, None)


def refuse_other_files(event: ContextFound) -> None:
    """Where a file is taken: what is so large is read for staff alone."""
    if _takes_a_file(event.request):
        _check_fields(event.request, FILE)


def _takes_a_file(request: Request) -> bool:
    # As it came: the address may be no text at all.
    return PHOTO.fullmatch(request.environ["PATH_INFO"]) is not None


def _check_fields(request: Request, allowed: str | None) -> None:
    try:
        fields = list(request.POST.items())
    except ValueError as error:
        raise HTTPBadRequest from error
    if not all(isinstance(value, str) or name == allowed for name, value in fields):
        raise HTTPBadRequest


def forget_unreadable_cookies(event: NewRequest) -> None:
    """Cookies that are no UTF-8 count as none: error pages ask for them too."""
    try:
        event.request.cookies.get("")
    except ValueError:
        event.request.environ["HTTP_COOKIE"] = ""


def includeme(config: Configurator) -> None:
    config.add_subscriber(forget_unreadable_cookies, NewRequest)
    config.add_subscriber(refuse_unreadable, NewRequest)
    config.add_subscriber(refuse_other_files, ContextFound)

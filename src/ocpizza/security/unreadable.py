"""Requests that cannot be read are the sender's mistake, not a crash of ours."""

from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.httpexceptions import HTTPBadRequest


def refuse_unreadable(event: NewRequest) -> None:
    """Refuse strange character sets, broken bodies, and files: no form of ours takes one."""
    if event.request.charset != "UTF-8":
        raise HTTPBadRequest
    try:
        fields = list(event.request.POST.values())
    except ValueError as error:
        raise HTTPBadRequest from error
    if not all(isinstance(field, str) for field in fields):
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

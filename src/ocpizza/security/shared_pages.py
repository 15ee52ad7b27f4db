"""Pages that are the same for everybody, which nginx may keep for a second (`nginx/kept.conf`).

A view says so (`shared=True`); its answer is marked if nothing of whoever asks can be in it. nginx
keeps what is marked and nothing else.
"""

import gzip
from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.events import NewResponse
from pyramid.response import Response

from ocpizza.request import Request

MARK, SECONDS = "X-Accel-Expires", "1"
OF_SOMEBODY = ("HTTP_COOKIE", "HTTP_AUTHORIZATION")
SHARED = "ocpizza.shared"
# As nginx asks for a page that it keeps: compressed once, not for every visitor.
COMPRESSED, LEVEL = "gzip", 5

View = Callable[[Any, Request], Response]


def shared_view(view: View, info: Any) -> View:
    """Return the view, which notes in the request that its page is everybody's."""
    if not info.options.get("shared"):
        return view

    def noted(context: Any, request: Request) -> Response:
        response = view(context, request)
        request.environ.setdefault(SHARED, True)
        return response

    return noted


shared_view.options = ("shared",)  # type: ignore[attr-defined]


def not_shared(request: Request) -> None:
    """Say that this page of a shared view is kept for nobody: too many others are like it."""
    request.environ[SHARED] = False


def mark_shared(event: NewResponse) -> None:
    """Mark what may be kept, and take the mark from whatever else has it."""
    request, response = event.request, event.response
    response.headers.pop(MARK, None)
    if not _may_be_kept(request, response):
        return
    response.headers[MARK] = SECONDS
    if request.headers.get("Accept-Encoding") == COMPRESSED:
        response.body = gzip.compress(response.body, LEVEL, mtime=0)
        response.content_encoding = COMPRESSED
        response.headers.add("Vary", "Accept-Encoding")


def _may_be_kept(request: Request, response: Response) -> bool:
    """Return whether it is a shared view's page, for somebody of whom nothing is known."""
    return (
        bool(request.environ.get(SHARED))
        and response.status_int == 200
        and request.method in ("GET", "HEAD")
        and not any(map(request.environ.get, OF_SOMEBODY))
        and "Set-Cookie" not in response.headers
    )


def includeme(config: Configurator) -> None:
    config.add_view_deriver(shared_view)
    config.add_subscriber(mark_shared, NewResponse)

"""Pages that are reached by a secret link: nobody else learns the address, nothing keeps them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from pyramid.response import Response

if TYPE_CHECKING:
    from ocpizza.request import Request

HEADERS = {"Referrer-Policy": "strict-origin", "Cache-Control": "no-store"}

View = Callable[[Any, Any], Any]


def by_link(view: View) -> View:
    """Return a view whose answers name at most the site as referrer, and are not stored.

    A link only shows a button: scanners of mail open links, people press buttons.
    """

    def view_by_link(context: object, request: "Request") -> Response:
        answer: Response = view(context, request)
        answer.headers.update(list(HEADERS.items()))
        return answer

    return view_by_link

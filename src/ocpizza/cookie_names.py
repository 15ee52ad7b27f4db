"""What our cookies are called.

Over HTTPS a name begins with `__Host-`: browsers take such a cookie from this very host only, over
HTTPS only. A plain one may have been put there by anybody who sat on an unprotected connection.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyramid.response import Response

    from ocpizza.request import Request

PREFIX = "__Host-"


def cookie_name(request: "Request", name: str) -> str:
    """Return the cookie `name` as it is called over this request's connection."""
    return f"{PREFIX}{name}" if request.scheme == "https" else name


def cookie_names(request: "Request", name: str) -> tuple[str, ...]:
    """Return the same, and what it may be called since the site had no certificate yet."""
    return tuple(dict.fromkeys((cookie_name(request, name), name)))


def drop_cookie(request: "Request", response: "Response", name: str) -> None:
    """Take a cookie away, whatever it is called; of a `__Host-` one this must be said securely."""
    for each in cookie_names(request, name):
        if each in request.cookies:
            secure = each.startswith(PREFIX)
            response.set_cookie(each, "", max_age=0, secure=secure, httponly=True, samesite="Lax")

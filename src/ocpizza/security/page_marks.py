"""Who a page was made for: told by what its forms send beside the session's token.

A post whose session is over, or is somebody else's by now, is refused; the mark still says who had
the page, so that what they typed is shown to them alone. It lets nobody do anything.
"""

import hmac
from hashlib import sha256
from typing import TYPE_CHECKING

from ocpizza.security.sessions import cookie_key, key_for

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from ocpizza.request import Request

FIELD = "csrf_token"
KEY, PURPOSE = "page_mark_key", b"page mark"
# How long a page may stand open, in hours.
LASTS = 24
# Where WebOb notes that it has read the body.
READ = "webob._parsed_post_vars"


def page_mark(request: "Request") -> str:
    """Return the mark of a page made now, empty for somebody who is not signed in."""
    who = request.signed_in
    if who is None:
        return ""
    said = f"{who.account_id}.{_hour(request)}"
    return f".{said}.{_signature(request, said)}"


def marked_for(request: "Request") -> int | None:
    """Return the account whose page this post says that it comes from, if we made that page.

    None of one that was not read: somebody was refused before (`security.unreadable`).
    """
    if READ not in request.environ:
        return None
    _token, _, mark = request.POST.get(FIELD, "").partition(".")
    said, _, signature = mark.rpartition(".")
    if not hmac.compare_digest(_signature(request, said).encode(), signature.encode()):
        return None
    account_id, hour = map(int, said.split("."))
    return account_id if _hour(request) - hour <= LASTS else None


def _hour(request: "Request") -> int:
    return int(request.now.timestamp()) // 3600


def _signature(request: "Request", said: str) -> str:
    key: bytes = request.registry[KEY]
    return hmac.new(key, said.encode(), sha256).hexdigest()


def includeme(config: "Configurator") -> None:
    """Have marks signed by a key of their own."""
    key = cookie_key(config.registry.settings["session.secret_file"])
    config.registry[KEY] = key_for(PURPOSE, key)

"""The visitor's basket on the request, by the token in their session, and where it shall go."""

import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ocpizza.cookie_names import drop_cookie
from ocpizza.domain.destination import Destination
from ocpizza.models.basket import Basket
from ocpizza.models.order import Order
from ocpizza.models.order_status import ENDED, Status
from ocpizza.security.policy import SIGN_IN
from ocpizza.security.sessions import BASKET as SESSION_KEY
from ocpizza.security.sessions import (
    COOKIE,
    DESTINATION,
    FROM_PLAIN_COOKIE,
    ORDER,
    SET_ASIDE,
    has_cookie,
)
from ocpizza.services.basket.basket import find_basket, new_basket
from ocpizza.services.order.queries import find_progress
from ocpizza.services.rate_limits import basket_from, count_uses

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from ocpizza.request import Request

# The basket that the last change was made with: its form may be sent again.
CHANGED = "basket_changed"


def basket(request: "Request") -> Basket | None:
    """Return the visitor's basket or None; locked while the request may change it."""
    if SIGN_IN in request.session and request.signed_in is None:
        return None  # it went with the session of whoever filled it
    writes = request.method == "POST"
    found = find_basket(request.db, request.session.get(SESSION_KEY), lock=writes)
    if found is not None and writes and request.session.pop(FROM_PLAIN_COOKIE, None):
        # Whoever knows the plain cookie does not see what is written from now on.
        found.token = request.session[SESSION_KEY] = secrets.token_urlsafe(32)
    return found


def own_basket(request: "Request") -> Basket:
    """Return the visitor's basket, a new one if they have none; its token goes into their session.

    Raises TooManyUses, as many baskets of one address as programs fill.
    """
    if request.basket is None:
        _count_basket(request)
        request.basket = new_basket(request.db, request.now)
        request.session[SESSION_KEY] = request.basket.token
    return request.basket


def _count_basket(request: "Request") -> None:
    count_uses(request.db, basket_from(request.remote_addr), request.now)


def set_basket_aside(request: "Request", instead: Basket) -> None:
    """Use another basket, to change an order, until `take_basket_back`. Raises TooManyUses."""
    _count_basket(request)
    if FROM_PLAIN_COOKIE in request.session and request.basket is None:
        request.session.pop(SESSION_KEY, None)
    request.session[SET_ASIDE] = request.session.get(SESSION_KEY)
    request.session[SESSION_KEY] = instead.token


def take_basket_back(request: "Request") -> None:
    """Use the basket again that was set aside, if there was one."""
    request.session[CHANGED] = request.session.get(SESSION_KEY)
    before = request.session.pop(SET_ASIDE, None)
    if before:
        request.session[SESSION_KEY] = before
    else:
        request.session.pop(SESSION_KEY, None)


def basket_lost(request: "Request") -> bool:
    """Return whether they had a basket that is gone: expired, or their cookie was tampered with.

    True once: the answer also takes the useless cookie away.
    """
    if not has_cookie(request):
        return False
    if request.session.new:
        request.add_response_callback(
            lambda request, response: drop_cookie(request, response, COOKIE)
        )
        return True
    if SESSION_KEY in request.session and request.basket is None:
        del request.session[SESSION_KEY]
        return True
    return False


def messages(request: "Request") -> list[list[str]]:
    """Return [kind, text] of what `views.answers.say` left for this page, shown once."""
    # Popping from a new session would hand out a cookie.
    return request.session.pop_flash() if request.session.peek_flash() else []


def now(request: "Request") -> datetime:
    """Return the one time at which everything in this request happens."""
    return datetime.now(UTC)


def destination(request: "Request") -> Destination | None:
    """Return where the visitor said that their order goes, None if they did not."""
    return Destination.parse(request.session.get(DESTINATION))


def set_destination(request: "Request", destination: Destination | None) -> None:
    """Keep where an order goes, for the pages and the checkout to come; None forgets it."""
    kept = destination.kept if destination else None
    if request.session.get(DESTINATION) == kept:
        return
    if kept is None:
        del request.session[DESTINATION]
    else:
        if request.session.new and has_cookie(request):
            # What could not be read is as good as a basket that is gone: the next page says so.
            request.session[SESSION_KEY] = ""
        request.session[DESTINATION] = kept
        # The page that says so carries the token of the session that it begins.
        request.session.new = False


def follow_order(request: "Request", number: str) -> None:
    """Have the pages to come show how far an order is that was placed here; staff order for others.

    Nobody else sees it: a session that somebody signs in to, or out of, is a new one.
    """
    if request.signed_in is None or not request.signed_in.is_staff:
        request.session[ORDER] = number


def leave_order(request: "Request") -> None:
    """Have the pages to come show no order any more."""
    request.session.pop(ORDER, None)


def followed_order(request: "Request") -> Order | None:
    """Return the order that was placed here and is on its way, with how far it has come.

    Whoever placed none costs no question; one that has ended is forgotten.
    """
    number = request.session.get(ORDER)
    if number is None or (SIGN_IN in request.session and request.signed_in is None):
        return None
    order = find_progress(request.db, number)
    if order is None or order.status in ENDED:
        leave_order(request)
        return None
    # Whoever has still to pay it is led there by their basket.
    return None if order.status is Status.AWAITING_PAYMENT else order


def includeme(config: "Configurator") -> None:
    config.add_request_method(basket, reify=True)
    config.add_request_method(own_basket)
    config.add_request_method(set_basket_aside)
    config.add_request_method(take_basket_back)
    config.add_request_method(basket_lost, reify=True)
    config.add_request_method(destination, reify=True)
    config.add_request_method(set_destination)
    config.add_request_method(follow_order)
    config.add_request_method(leave_order)
    config.add_request_method(followed_order, reify=True)
    config.add_request_method(messages, reify=True)
    config.add_request_method(now, reify=True)

"""Tickets as pages and their parts give them."""

from pyramid.config import Configurator
from pyramid.httpexceptions import HTTPForbidden
from pyramid.response import Response

from ocpizza.domain.digest import digest_of
from ocpizza.live.ticket import HEADER, derived_key, rights_of, write
from ocpizza.live.topics import of_order, of_restaurant
from ocpizza.request import Request
from ocpizza.security.policy import SIGN_IN
from ocpizza.security.sessions import cookie_key


def staff_ticket(request: Request, restaurant_id: int | None) -> str:
    """Return a ticket for the orders of a restaurant, or of all, for a page that shows them.

    It ends with the session and the rights of whoever is signed in.
    """
    who = request.signed_in
    if who is None or not who.works_at(restaurant_id):
        raise HTTPForbidden
    rights = rights_of(who.role, who.restaurant_id, who.session_version)
    session, topic = digest_of(request.session[SIGN_IN]), of_restaurant(restaurant_id)
    return write(request.registry["live_key"], topic, request.now, session, rights)


def open_ticket(request: Request, number: str) -> str:
    """Return a ticket for the order of this number, for its page, which its address opens."""
    return write(request.registry["live_key"], of_order(number), request.now)


def send_ticket(request: Request, ticket: str) -> None:
    """Send a ticket with the part of a page that is asked for, also where that is as it was."""

    def add(_request: Request, response: Response) -> None:
        response.headers[HEADER] = ticket

    request.add_response_callback(add)


def includeme(config: Configurator) -> None:
    config.registry["live_key"] = derived_key(
        cookie_key(config.registry.settings["session.secret_file"])
    )
    config.add_request_method(staff_ticket)
    config.add_request_method(open_ticket)
    config.add_request_method(send_ticket)

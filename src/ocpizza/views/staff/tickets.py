"""Tickets on 80 mm paper, printed by the browser's own dialog from the file."""

from pyramid.httpexceptions import HTTPForbidden
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.contexts import StaffOrder
from ocpizza.documents.ticket import customer_ticket, kitchen_ticket
from ocpizza.request import SignedInRequest
from ocpizza.security.permissions import Permission

TICKET = {"request_method": "GET", "permission": Permission.STAFF_ORDER}


@view_config(route_name="kitchen_ticket", **TICKET)
def for_the_kitchen(context: StaffOrder, request: SignedInRequest) -> Response:
    _check_concerns(context, request)
    site = request.registry.settings["site.url"]
    content = kitchen_ticket(request.db, context.order.id, site, request.locale_name)
    return _file(f"cuisine-{context.order.number}.pdf", content)


@view_config(route_name="customer_ticket", **TICKET)
def for_the_customer(context: StaffOrder, request: SignedInRequest) -> Response:
    """Only where its customer asks for it (Code de l'environnement, L541-15-10)."""
    _check_concerns(context, request)
    site = request.registry.settings["site.url"]
    content = customer_ticket(request.db, context.order.id, site)
    return _file(f"ticket-{context.order.number}.pdf", content)


def _check_concerns(context: StaffOrder, request: SignedInRequest) -> None:
    if not context.concerns(request.signed_in):
        raise HTTPForbidden


def _file(name: str, content: bytes) -> Response:
    response = Response(content, content_type="application/pdf")
    response.content_disposition = f'inline; filename="{name}"'
    response.cache_control = "private, no-store"
    return response

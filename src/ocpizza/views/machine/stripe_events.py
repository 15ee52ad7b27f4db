"""Stripe's webhook: each event is stored once, and only makes its payment be looked at."""

from pyramid.httpexceptions import HTTPBadRequest, HTTPNotFound
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.payments.events import NotFromStripe, read_event
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.payment.webhook import record_event


@view_config(
    route_name="stripe_events",
    request_method="POST",
    require_csrf=False,  # signed by Stripe instead
    permission=Permission.SHOP,
)
def hear(request: Request) -> Answer:
    secret = request.registry.settings["stripe.webhook_secret"]
    if not secret:
        raise HTTPNotFound
    try:
        event = read_event(request.body, request.headers.get("Stripe-Signature", ""), secret)
    except NotFromStripe:
        raise HTTPBadRequest from None
    payment_id = record_event(request.db, event, request.now)
    if payment_id is not None:
        request.settle_after_commit(payment_id, wait=False)
    return Response(status=200)

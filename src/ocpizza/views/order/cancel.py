"""UC1.4: the customer cancels their order, which they reached by its secret link."""

from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.contexts import TrackedOrder
from ocpizza.domain.author import Author
from ocpizza.domain.contact import national_phone
from ocpizza.i18n import Shown, _
from ocpizza.models.account import Role
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.order.cancel import TooLate, cancel_order
from ocpizza.services.order.queries import load_order
from ocpizza.views.answers import go_to, say

CANCEL = {"route_name": "cancel_order", "permission": Permission.SHOP}


@view_config(**CANCEL, request_method="GET", renderer="order/cancel.jinja2")
def ask(context: TrackedOrder, request: Request) -> Answer:
    order = load_order(request.db, context.order_id)
    if not order.changeable:
        return go_to(request, "tracking", token=order.tracking_token)
    return {"order": order}


@view_config(**CANCEL, request_method="POST")
def cancel(context: TrackedOrder, request: Request) -> Answer:
    order = load_order(request.db, context.order_id)
    try:
        cancel_order(request.db, order.id, _customer(request), request.now)
    except TooLate:
        text = _(
            "La préparation de votre commande a commencé : elle ne peut plus être annulée. "
            "Pour toute question, appelez le restaurant au ${phone}.",
            mapping={"phone": national_phone(order.restaurant.phone)},
        )
        say(request, text, "error")
    else:
        text = _("Votre commande ${number} est annulée.", mapping={"number": order.number})
        say(request, text, "success")
        # Judged anew: it may have been paid since this page was opened.
        request.db.expire(order, ["received_cents", "kept_cents"])
        if order.excess_cents:
            mapping = {
                "sum": Shown(euros, order.excess_cents),
                "name": order.restaurant.name,
                "phone": national_phone(order.restaurant.phone),
            }
            text = _(
                "${sum} vous seront rendus au comptoir de ${name} (${phone}).", mapping=mapping
            )
            say(request, text)
    return go_to(request, "tracking", token=order.tracking_token)


def _customer(request: Request) -> Author:
    """They hold the link, so it is their order, whoever is signed in on this device."""
    who = request.signed_in
    return Author(who.account_id if who and not who.is_staff else None, Role.CUSTOMER)

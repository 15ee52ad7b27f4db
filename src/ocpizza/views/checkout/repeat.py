"""UC3.1: the same again in one click, by one's account or by the link of an order."""

from typing import Any

from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.contexts import OwnOrder, TrackedOrder
from ocpizza.domain.checkout import Details
from ocpizza.domain.destination import Destination
from ocpizza.i18n import _
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.checkout.repeat import BasketInUse, ChangeFirst, RestaurantGone, repeat_order
from ocpizza.services.order.queries import find_own_order
from ocpizza.views.answers import go_to, say


@view_config(route_name="repeat_order", request_method="POST", permission=Permission.ACCOUNT)
@view_config(route_name="repeat_tracked", request_method="POST", permission=Permission.SHOP)
def order_again(context: OwnOrder | TrackedOrder, request: Request) -> Answer:
    replace, linked = request.POST.get("replace") == "1", _by_link(context, request)
    basket = request.own_basket()
    try:
        found = repeat_order(
            request.db, basket, context.order_id, request.now, replace=replace, linked=linked
        )
    except RestaurantGone:
        say(request, _("Ce restaurant ne prend plus de commandes en ligne."), "error")
        if isinstance(context, TrackedOrder):
            return go_to(request, "tracking", token=request.matchdict["token"])
        return go_to(request, "account_orders")
    except ChangeFirst:
        text = _(
            "Vous modifiez une commande : terminez ou abandonnez d’abord cette modification, puis "
            "commandez à nouveau."
        )
        say(request, text, "warning")
        return go_to(request, "basket")
    except BasketInUse:
        return _page_of(request, "replace_basket", 409, order=context)
    if found.repeat.wanted and (details := Details.from_json(basket.details)):
        request.set_destination(Destination(details.postcode))
    if found.repeat.changes:
        return _page_of(request, "repeated", 200, found=found)
    text = _(
        "La commande ${number} est de nouveau dans votre panier, au même prix.",
        mapping={"number": context.number},
    )
    say(request, text, "success")
    return go_to(request, "checkout" if request.POST.get("straight") == "1" else "basket")


def _by_link(context: OwnOrder | TrackedOrder, request: Request) -> bool:
    """Return whether who asks shows nothing but an order's link."""
    if isinstance(context, OwnOrder):
        return False
    own = request.customer_id
    return not (own and find_own_order(request.db, own, context.number))


def _page_of(request: Request, template: str, status: int, **values: Any) -> Response:
    response = render_to_response(f"checkout/{template}.jinja2", values, request)
    response.status_int = status
    return response

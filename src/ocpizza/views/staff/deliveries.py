"""UC4.1: the drivers' board, on their own telephone."""

from collections.abc import Mapping
from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.i18n import _
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import Status
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import deliveries_of, delivery_cards
from ocpizza.services.order.take import Taken, take_orders
from ocpizza.services.order.undo import list_undoable
from ocpizza.views.answers import go_to, say
from ocpizza.views.staff.boards import (
    MEANS_AT_HANDOVER,
    board_view,
    by_minute,
    is_part,
    lateness,
    refuse_unchanged_board,
)
from ocpizza.views.staff.map_links import map_link
from ocpizza.views.staff.order import lost_words
from ocpizza.views.staff.tickets_kept import looks_of, version_of

# What nobody carries at once.
MAX_TAKEN = 50


@board_view("deliveries", "deliveries", Permission.DELIVERIES)
def deliveries(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    who = request.signed_in
    undoable = list_undoable(request.db, context.restaurant_id, who.author, request.now)
    driver_id = None if who.role is Role.MANAGER else who.account_id
    if is_part(request):
        cards = delivery_cards(request.db, context.restaurant_id, driver_id)
        version = version_of(looks_of(request, cards), undoable)
        # A colleague may get another name.
        refuse_unchanged_board(context, request, by_minute(request, version))
    orders = deliveries_of(request.db, context.restaurant_id, driver_id)
    return deliveries_page(request, orders, undoable)


def deliveries_page(
    request: SignedInRequest, orders: list[Order], undoable: Mapping[int, OrderEvent]
) -> dict[str, Any]:
    """Return what a driver sees of these orders; `undoable` are the steps to be taken back."""
    return {
        "orders": orders,
        "carried": [order for order in orders if order.status is Status.OUT_FOR_DELIVERY],
        "ready": [order for order in orders if order.status is Status.READY],
        "lateness": {order.id: lateness(order, request.now) for order in orders},
        "means_at_handover": MEANS_AT_HANDOVER,
        "map_link": lambda address: map_link(address, request.user_agent),
        "undoable": undoable,
        "copied_at": None,
    }


@view_config(route_name="deliveries_take", request_method="POST", permission=Permission.DELIVERIES)
def take(context: Workplace, request: SignedInRequest) -> Answer:
    numbers = request.POST.getall("order")[:MAX_TAKEN]
    who = request.signed_in.author
    found = take_orders(request.db, context.restaurant_id, numbers, who, request.now)
    _say_taken(request, found)
    return go_to(request, "deliveries", code=context.restaurant.code)


def _say_taken(request: SignedInRequest, found: Taken) -> None:
    if not found.taken and not found.lost:
        say(request, _("Cochez les commandes que vous emportez."), "warning")
    if found.taken:
        numbers = {"numbers": ", ".join(found.taken)}
        say(request, _("Vous partez avec ${numbers}.", mapping=numbers), "success")
    match list(found.lost.items()):
        case []:
            return
        case [(number, lost)] if lost is not None:
            say(request, lost_words(number, lost), "warning")
        case lost_ones:
            numbers = {"numbers": ", ".join(number for number, _lost in lost_ones)}
            text = _("Trop tard, ces commandes ne sont plus à prendre : ${numbers}.")
            say(request, _(str(text), mapping=numbers), "warning")

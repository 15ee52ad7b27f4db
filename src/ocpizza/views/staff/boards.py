"""UC4.5, UC4.1: the live boards of the kitchen, the drivers and the counter."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pyramid.view import view_config

from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.order_status import IN_THE_KITCHEN
from ocpizza.request import Request, SignedInRequest
from ocpizza.resources import Workplace
from ocpizza.security.permissions import Permission
from ocpizza.services.list_orders import (
    board_version,
    calls_of,
    deliveries_of,
    handovers_of,
    orders_of,
)
from ocpizza.views.answers import refuse_unchanged

SOON = timedelta(minutes=5)
View = Callable[[Workplace, SignedInRequest], dict[str, Any]]


def board_view(route: str, template: str, permission: Permission) -> Callable[[View], View]:
    """A board is a page and, for polling, the fragment of it that changes."""

    def decorate(view: View) -> View:
        page = view_config(
            route_name=route, renderer=f"staff/{template}.jinja2", permission=permission
        )
        fragment = view_config(
            route_name=f"{route}_state",
            renderer=f"staff/{template}_board.jinja2",
            permission=permission,
        )
        return fragment(page(view))

    return decorate


@board_view("kitchen", "kitchen", Permission.ORDERS_TO_PREPARE)
def kitchen(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    _check_version(context, request)
    orders = orders_of(request.db, context.restaurant_id, IN_THE_KITCHEN)
    columns = [
        (status, [order for order in orders if order.status is status]) for status in IN_THE_KITCHEN
    ]
    return _board(request, orders) | {"columns": columns}


@board_view("deliveries", "deliveries", Permission.DELIVERIES)
def deliveries(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    _check_version(context, request)
    who = request.signed_in
    driver_id = None if who.role is Role.MANAGER else who.account_id
    return _board(request, deliveries_of(request.db, context.restaurant_id, driver_id))


@board_view("handovers", "handovers", Permission.HANDOVERS)
def handovers(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    _check_version(context, request)
    calls = calls_of(request.db, context.restaurant_id)
    return _board(request, handovers_of(request.db, context.restaurant_id)) | {"calls": calls}


def _check_version(context: Workplace, request: SignedInRequest) -> None:
    # Lateness changes with the minute, even when no order does.
    if request.matched_route and request.matched_route.name.endswith("_state"):
        version = board_version(request.db, context.restaurant_id)
        minute = int(request.now.timestamp() // 60)
        refuse_unchanged(request, f"{version}-{minute}-{request.signed_in.account_id}")


def _board(request: Request, orders: list[Order]) -> dict[str, Any]:
    return {"orders": orders, "lateness": {o.id: _lateness(o, request.now) for o in orders}}


def _lateness(order: Order, now: datetime) -> str:
    if now > order.expected_at:
        return "late"
    return "soon" if now > order.expected_at - SOON else "fine"

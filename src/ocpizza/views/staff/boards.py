"""UC4.5, UC4.1: what the live boards of the kitchen, the drivers and the counter have in common."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.forms.checkout import PaymentForm
from ocpizza.models.order import Order
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.payment import Means
from ocpizza.request import Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import board_version
from ocpizza.views.answers import refuse_unchanged

SOON = timedelta(minutes=5)
# The one that is counted in the hand comes first.
MEANS_AT_HANDOVER = sorted(PaymentForm.ON_DELIVERY, key=lambda means: means is not Means.CASH)
View = Callable[[Workplace, SignedInRequest], dict[str, Any]]


def board_view(route: str, template: str, permission: Permission) -> Callable[[View], View]:
    """A board is a page and, for polling, the fragment of it that changes."""

    def decorate(view: View) -> View:
        # One frame further up: the view is of the module that the decorator is written in.
        page = view_config(
            route_name=route,
            renderer=f"staff/{template}.jinja2",
            permission=permission,
            _depth=1,
        )
        fragment = view_config(
            route_name=f"{route}_state",
            renderer=f"staff/{template}_board.jinja2",
            permission=permission,
            _depth=1,
        )
        return fragment(page(view))

    return decorate


def refuse_unchanged_board(
    context: Workplace, request: SignedInRequest, undoable: Iterable[OrderEvent] = ()
) -> None:
    """Answer a part of a page that is as it was with 304, with a ticket for what follows."""
    if request.matched_route and request.matched_route.name.endswith("_state"):
        request.send_ticket(request.staff_ticket(context.restaurant_id))
        version = board_version(request.db, context.restaurant_id)
        steps = ".".join(str(event.id) for event in undoable)
        refuse_unchanged_version(request, f"{version}-{steps}")


def refuse_unchanged_version(request: SignedInRequest, version: str) -> None:
    # Lateness changes with the minute, even when no order does.
    minute = int(request.now.timestamp() // 60)
    refuse_unchanged(request, f"{version}-{minute}-{request.signed_in.account_id}")


def board(request: Request, orders: list[Order]) -> dict[str, Any]:
    return {
        "orders": orders,
        "lateness": {o.id: _lateness(o, request.now) for o in orders},
        "means_at_handover": MEANS_AT_HANDOVER,
    }


def _lateness(order: Order, now: datetime) -> str:
    if order.is_late(now):
        return "late"
    return "soon" if now > order.expected_at - SOON else "fine"

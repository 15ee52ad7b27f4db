"""UC4.5, UC4.1: what the live boards of the kitchen, the drivers and the counter have in common."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.forms.checkout import PaymentForm
from ocpizza.models.order import Order, is_late
from ocpizza.models.payment import Means
from ocpizza.request import Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.security.polls import is_poll
from ocpizza.services.order.boards import Card
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


def is_part(request: Request) -> bool:
    """Return whether the part of a page that changes is asked for, not the whole page."""
    return request.matched_route is not None and is_poll(request.matched_route.name)


def refuse_unchanged_board(context: Workplace, request: SignedInRequest, version: str) -> None:
    """Answer a part of a page that is as it was with 304, with a ticket for what follows."""
    if is_part(request):
        request.send_ticket(request.staff_ticket(context.restaurant_id))
        refuse_unchanged(request, f"{version}-{request.signed_in.account_id}")


def by_minute(request: Request, version: str) -> str:
    """Return the version of what changes with the minute, even when no order does."""
    return f"{version}-{int(request.now.timestamp() // 60)}"


def lateness(order: Order | Card, now: datetime) -> str:
    """Return how an order stands to the time that was told for it."""
    if is_late(order.status, order.expected_at, now):
        return "late"
    return "soon" if now > order.expected_at - SOON else "fine"

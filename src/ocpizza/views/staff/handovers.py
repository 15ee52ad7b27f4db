"""UC4.1: the counter's board: who is to be called, what waits for its customer."""

from typing import Any

from ocpizza.contexts import Workplace
from ocpizza.request import SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import counter_cards
from ocpizza.views.staff.boards import board_view, refuse_unchanged_board
from ocpizza.views.staff.tickets_kept import looks_of, tickets, version_of


@board_view("handovers", "handovers", Permission.HANDOVERS)
def handovers(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    cards = counter_cards(request.db, context.restaurant_id)
    looks = looks_of(request, cards)
    refuse_unchanged_board(context, request, version_of(looks, {}))
    return {"tickets": tickets(request, "staff/counter_ticket.jinja2", cards, looks)}

"""UC4.5: the kitchen's board."""

from typing import Any

from ocpizza.contexts import Workplace
from ocpizza.domain.baking import to_make
from ocpizza.forms.pause import PauseForm
from ocpizza.models.order_status import IN_THE_KITCHEN, Status
from ocpizza.request import SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import kitchen_cards
from ocpizza.services.order.undo import list_undoable
from ocpizza.views.staff.boards import board_view, refuse_unchanged_board
from ocpizza.views.staff.tickets_kept import looks_of, tickets, version_of


@board_view("kitchen", "kitchen", Permission.ORDERS_TO_PREPARE)
def kitchen(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    return kitchen_page(context, request, PauseForm())


def kitchen_page(context: Workplace, request: SignedInRequest, pause: PauseForm) -> dict[str, Any]:
    """Return what the kitchen sees."""
    session, here, who = request.db, context.restaurant_id, request.signed_in.author
    undoable = list_undoable(session, here, who, request.now)
    cards = kitchen_cards(session, here)
    looks = looks_of(request, cards)
    refuse_unchanged_board(context, request, version_of(looks, undoable))
    shown = tickets(request, "staff/kitchen_ticket.jinja2", cards, looks)
    columns = [
        (status, [ticket for ticket in shown if ticket.card.status is status])
        for status in IN_THE_KITCHEN
    ]
    waiting = (ticket for ticket in shown if ticket.card.status is not Status.READY)
    sums = to_make(line for ticket in waiting for line in ticket.lines)
    return {"columns": columns, "sums": sums, "pause": pause, "undoable": undoable}

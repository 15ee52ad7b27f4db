"""UC4.5: the kitchen's board."""

from typing import Any

from ocpizza.contexts import Workplace
from ocpizza.domain.baking import to_make
from ocpizza.forms.pause import PauseForm
from ocpizza.models.order_revision import OrderEvent
from ocpizza.models.order_status import IN_THE_KITCHEN, Status
from ocpizza.request import SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import orders_of
from ocpizza.services.order.undo import list_undoable
from ocpizza.views.staff.boards import board, board_view, refuse_unchanged_board


@board_view("kitchen", "kitchen", Permission.ORDERS_TO_PREPARE)
def kitchen(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    undoable = _undoable(context, request)
    refuse_unchanged_board(context, request, undoable.values())
    return _page(context, request, PauseForm(), undoable)


def kitchen_page(context: Workplace, request: SignedInRequest, pause: PauseForm) -> dict[str, Any]:
    """Return what the kitchen sees."""
    return _page(context, request, pause, _undoable(context, request))


def _undoable(context: Workplace, request: SignedInRequest) -> dict[int, OrderEvent]:
    who = request.signed_in.author
    return list_undoable(request.db, context.restaurant_id, who, request.now)


def _page(
    context: Workplace,
    request: SignedInRequest,
    pause: PauseForm,
    undoable: dict[int, OrderEvent],
) -> dict[str, Any]:
    orders = orders_of(request.db, context.restaurant_id, IN_THE_KITCHEN)
    columns = [
        (status, [order for order in orders if order.status is status]) for status in IN_THE_KITCHEN
    ]
    waiting = (order for order in orders if order.status is not Status.READY)
    sums = to_make(line for order in waiting for line in order.revision.lines)
    return board(request, orders) | {
        "columns": columns,
        "sums": sums,
        "pause": pause,
        "undoable": undoable,
    }

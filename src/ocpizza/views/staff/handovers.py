"""UC4.1: the counter's board: who is to be called, what waits for its customer."""

from typing import Any

from ocpizza.contexts import Workplace
from ocpizza.request import SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import calls_of, handovers_of
from ocpizza.views.staff.boards import board, board_view, refuse_unchanged_board


@board_view("handovers", "handovers", Permission.HANDOVERS)
def handovers(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    refuse_unchanged_board(context, request)
    calls = calls_of(request.db, context.restaurant_id)
    return board(request, handovers_of(request.db, context.restaurant_id)) | {"calls": calls}

"""UC4.1: the drivers' board."""

from typing import Any

from ocpizza.models.account import Role
from ocpizza.request import SignedInRequest
from ocpizza.resources import Workplace
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import deliveries_of
from ocpizza.views.staff.boards import board, board_view, refuse_unchanged_board


@board_view("deliveries", "deliveries", Permission.DELIVERIES)
def deliveries(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    refuse_unchanged_board(context, request)
    who = request.signed_in
    driver_id = None if who.role is Role.MANAGER else who.account_id
    return board(request, deliveries_of(request.db, context.restaurant_id, driver_id))

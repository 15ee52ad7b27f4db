"""UC4.5: the kitchen's board."""

from typing import Any

from ocpizza.models.order_status import IN_THE_KITCHEN
from ocpizza.request import SignedInRequest
from ocpizza.resources import Workplace
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import orders_of
from ocpizza.views.staff.boards import _board, _check_version, board_view


@board_view("kitchen", "kitchen", Permission.ORDERS_TO_PREPARE)
def kitchen(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    _check_version(context, request)
    orders = orders_of(request.db, context.restaurant_id, IN_THE_KITCHEN)
    columns = [
        (status, [order for order in orders if order.status is status]) for status in IN_THE_KITCHEN
    ]
    return _board(request, orders) | {"columns": columns}

"""UC6.1: a restaurant at a glance, as it is now: orders, turnover, delays, what runs out."""

from typing import Any

from ocpizza.contexts import Workplace
from ocpizza.domain.hours import business_day, same_hour
from ocpizza.domain.running_out import pace
from ocpizza.domain.sales import total
from ocpizza.request import SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.boards import board_version, standing
from ocpizza.services.sales.day import figures_by_way, placed_until, turnover_until
from ocpizza.services.stock.forecast import shortages
from ocpizza.views.staff.boards import board_view, by_minute, is_part, refuse_unchanged_board


@board_view("overview", "overview", Permission.OVERVIEW)
def overview(context: Workplace, request: SignedInRequest) -> dict[str, Any]:
    session, own, now = request.db, context.restaurant_id, request.now
    if is_part(request):
        version = by_minute(request, board_version(session, own))
        refuse_unchanged_board(context, request, version)
    today, then = business_day(now), same_hour(now, -7)
    last_week = business_day(then)
    brought, collected = figures_by_way(session, own, today)
    come = placed_until(session, own, today, now)
    had_come = placed_until(session, own, last_week, then)
    return {
        "standing": standing(session, own, now),
        "so_far": total((brought, collected)),
        "brought": brought,
        "collected": collected,
        "last_week": turnover_until(session, own, last_week, then),
        "shortages": shortages(session, own, pace(come, had_come), now),
        "today": today,
    }

"""Where members of staff arrive: their own page, or the group's restaurants."""

from datetime import datetime
from typing import Any, NamedTuple

from pyramid.httpexceptions import HTTPForbidden
from pyramid.view import view_config

from ocpizza.domain.hours import business_day
from ocpizza.models.account import Role
from ocpizza.models.restaurant import Restaurant
from ocpizza.operations.job_runs import BACKUP, DRILL, TOO_OLD, latest
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.order.boards import board_version, workloads
from ocpizza.services.sales.day import turnovers
from ocpizza.services.stock.forecast import sold_out
from ocpizza.views.answers import go_to, refuse_unchanged
from ocpizza.views.staff.boards import by_minute

FIRST_PAGE = {
    Role.PIZZAIOLO: "kitchen",
    Role.DRIVER: "deliveries",
    Role.CASHIER: "handovers",
    Role.MANAGER: "overview",
}


class LastRuns(NamedTuple):
    """When a job last went well, whether that is too long ago; when it failed, if it did since."""

    held_at: datetime | None
    days: int
    too_old: bool
    failed_at: datetime | None


@view_config(route_name="staff", renderer="staff/home.jinja2", permission=Permission.STAFF_HOME)
def home(request: SignedInRequest) -> Answer:
    who = request.signed_in
    if who.restaurant_id is None:
        return _board(request) | {
            "backup": _last_runs(request, BACKUP),
            "drill": _last_runs(request, DRILL),
        }
    restaurant = request.db.get(Restaurant, who.restaurant_id)
    if restaurant is None:
        raise HTTPForbidden
    request.session.changed()
    return go_to(request, FIRST_PAGE[who.role], code=restaurant.code)


@view_config(
    route_name="staff_state",
    renderer="staff/home_board.jinja2",
    permission=Permission.STAFF_HOME,
)
def home_board(request: SignedInRequest) -> Answer:
    if request.signed_in.restaurant_id is not None:
        raise HTTPForbidden
    request.send_ticket(request.staff_ticket(None))
    version = by_minute(request, board_version(request.db, None))
    refuse_unchanged(request, f"{version}-{request.signed_in.account_id}")
    return _board(request)


def _board(request: SignedInRequest) -> dict[str, Any]:
    return {
        "points": list_restaurants(request.db),
        "workloads": workloads(request.db, request.now),
        "turnovers": turnovers(request.db, business_day(request.now)),
        "sold_out": sold_out(request.db),
    }


def _last_runs(request: SignedInRequest, job: str) -> LastRuns:
    held, newest = latest(request.db, job, succeeded=True), latest(request.db, job)
    failed_at = newest.started_at if newest and newest.succeeded is False else None
    if held is None:
        return LastRuns(None, 0, False, failed_at)
    age = request.now - held.started_at
    return LastRuns(held.started_at, max(age.days, 0), age > TOO_OLD, failed_at)

"""B2, B5: an order's summary and its status, by its secret link or by number and contact."""

from datetime import datetime
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.contexts import TrackedOrder
from ocpizza.domain.expectation import NEVER_CHANGING, expectation_of, steady_until
from ocpizza.forms.order import MAX_TYPED, FindOrderByNumberForm, FindOrderForm
from ocpizza.i18n import _
from ocpizza.models.order import Order
from ocpizza.models.order_status import ENDED, Status
from ocpizza.models.vat import Mode
from ocpizza.order_words import NEXT, expected_words
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.order.number import normal_number
from ocpizza.services.order.queries import (
    find_order,
    find_own_order,
    find_proved,
    load_progress,
)
from ocpizza.services.order.read_shown import read_shown
from ocpizza.services.order.shown import ShownOrder
from ocpizza.services.order.summary_log import SummaryDelivery
from ocpizza.services.payment.queries import awaited_payment
from ocpizza.services.rate_limits import TooManyUses, count_uses, forgive_uses, lookup_from
from ocpizza.views.answers import ask_again, go_to, refuse_unchanged, too_many_tries
from ocpizza.views.order.summary import fetched_in_advance, note_summary_delivery

MINUTE = 60
TO_THE_DOOR = (
    Status.TO_PREPARE,
    Status.ACCEPTED,
    Status.PREPARING,
    Status.READY,
    Status.OUT_FOR_DELIVERY,
    Status.DELIVERED,
)


@view_config(route_name="tracking", renderer="order/tracking.jinja2", permission=Permission.SHOP)
def track(context: TrackedOrder, request: Request) -> Answer:
    # What was fetched in advance must be asked for in full once it is looked at.
    if not fetched_in_advance(request):
        refuse_unchanged(request, _version(context, request))
    order = read_shown(request.db, context.order_id)
    if not order.revision.summary_shown_at:
        note_summary_delivery(request, order.revision.id, SummaryDelivery.SHOWN)
    return _progress(context, request, order)


@view_config(
    route_name="tracking_state", renderer="order/tracking_state.jinja2", permission=Permission.SHOP
)
def track_progress(context: TrackedOrder, request: Request) -> Answer:
    """Answer the part of the page that changes."""
    # Nothing follows for an order that has ended.
    over = context.status in ENDED
    request.send_ticket("" if over else request.open_ticket(context.number))
    refuse_unchanged(request, f"{_version(context, request)}-part")
    return _progress(context, request, load_progress(request.db, context.order_id))


def _version(context: TrackedOrder, request: Request) -> str:
    # What is expected changes with the minute once it may be late, even when the order does not.
    minute = "" if request.now < _steady_until(context) else int(request.now.timestamp() // 60)
    return f"{context.order_id}-{context.version}-{minute}"


def _steady_until(context: TrackedOrder) -> datetime:
    """Return until when at least the page says the same if nothing is done."""
    return steady_until(context.status, context.mode, context.expected_at, context.pace)


def _ask_in(context: TrackedOrder, request: Request) -> int | None:
    """Return in how many seconds what is expected may change by itself, if it ever does."""
    until = _steady_until(context)
    if until == NEVER_CHANGING:
        return None
    return (max(0, int((until - request.now).total_seconds())) or MINUTE) + 1


def _progress(context: TrackedOrder, request: Request, order: Order | ShownOrder) -> dict[str, Any]:
    """Return how far an order has come."""
    expected = expectation_of(order, request.now)
    return {
        "order": order,
        "ask_in": _ask_in(context, request),
        "steps": _steps(order),
        "over": order.status in ENDED,
        "expected": expected,
        "expected_words": expected
        and expected_words(expected, order.status, order.mode, request.now),
        "next": NEXT.get(order.status),
        "to_pay": awaited_payment(request.db, order.id)
        if order.payment_choice == "online"
        else None,
    }


def _steps(order: Order | ShownOrder) -> list[tuple[Status, datetime | None]]:
    """Return the statuses that this order goes through, with the time of those it has reached."""
    reached = order.reached
    way = [
        status
        for status in TO_THE_DOOR
        if order.mode is Mode.DELIVERY or status is not Status.OUT_FOR_DELIVERY
    ]
    if order.status not in way:
        way = [status for status in way if status in reached] + [order.status]
    return [(status, reached.get(status)) for status in way]


FindForm = FindOrderForm | FindOrderByNumberForm
FIND = {"route_name": "find_order", "renderer": "order/find.jinja2", "permission": Permission.SHOP}


@view_config(**FIND, request_method="GET")
def ask_number(request: Request) -> Answer:
    return {"form": _form(request)()}


@view_config(**FIND, request_method="POST")
def find(request: Request) -> Answer:
    form = _form(request)(request.POST)
    own = _own_order(request, form)
    if own is not None:
        return go_to(request, "tracking", token=own.tracking_token)
    if form.validate():
        try:
            found = _page_of(request, form)
        except TooManyUses as refused:
            form.form_errors = [too_many_tries(request, refused)]
            return ask_again(request, {"form": form})
        if found is not None:
            return found
        form.form_errors = [_("Commande introuvable")]
    return ask_again(request, {"form": form})


def _own_order(request: Request, form: FindForm) -> Order | None:
    """The signed-in owner needs the number only."""
    who = request.signed_in
    if who is None or not form.number.data or len(form.number.data) > MAX_TYPED:
        return None
    return find_own_order(request.db, who.account_id, form.number.data)


def _form(request: Request) -> type[FindForm]:
    staff = request.signed_in is not None and request.signed_in.is_staff
    return FindOrderByNumberForm if staff else FindOrderForm


def _page_of(request: Request, form: FindForm) -> HTTPSeeOther | None:
    """Return where the order is to be seen: at work for the staff, else by its secret link."""
    if isinstance(form, FindOrderByNumberForm):
        order = find_order(request.db, form.number.data)
        who = request.signed_in
        if order is None or who is None or not who.works_at(order.restaurant_id):
            return None
        code = order.restaurant.code
        return go_to(request, "staff_order", code=code, number=order.number)
    known_as, number = form.contact.kept, normal_number(form.number.data)
    looked = lookup_from(request.remote_addr, number)
    count_uses(request.db, looked, request.now)
    order = find_proved(request.db, number, known_as) if known_as else None
    if order is None:
        return None
    forgive_uses(request.db, looked, request.now)
    return go_to(request, "tracking", token=order.tracking_token)

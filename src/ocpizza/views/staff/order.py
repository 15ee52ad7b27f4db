"""UC4.1, B5: one order whole, and its change of status."""

from typing import Any

from pyramid.httpexceptions import HTTPBadRequest, HTTPForbidden, HTTPSeeOther
from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.contexts import StaffOrder
from ocpizza.domain.tender import OtherDue, TooLittle, TooMuch
from ocpizza.forms.staff import AdvanceForm
from ocpizza.i18n import Shown, _
from ocpizza.labels import label
from ocpizza.models.order import Order
from ocpizza.models.order_status import Status
from ocpizza.models.payment import Means, Payment
from ocpizza.moments import clock
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.advance import NotAllowed, StaleStatus, Step, advance_order
from ocpizza.services.order.hand_over import HandOver, hand_over
from ocpizza.services.order.undo import undoable_step
from ocpizza.services.payment.give_back import OtherExcess
from ocpizza.services.payment.queries import payments_of
from ocpizza.services.settlement.receive_payment import may_be_paid
from ocpizza.services.till.session import TillClosed
from ocpizza.views.answers import first_error, go_to, go_to_staff_order, say
from ocpizza.views.staff.boards import MEANS_AT_HANDOVER
from ocpizza.views.staff.till_payment import (
    new_key,
    open_first,
    other_due,
    other_excess,
    too_little,
    too_much,
)

NOT_YOURS = _("Ce changement de statut ne vous est pas ouvert.")
BOARDS = ("kitchen", "deliveries", "handovers")


@view_config(
    route_name="staff_order", renderer="staff/order.jinja2", permission=Permission.STAFF_ORDER
)
def show(context: StaffOrder, request: SignedInRequest) -> Answer:
    if not context.concerns(request.signed_in):
        raise HTTPForbidden
    at_the_till = request.has_permission(Permission.RECEIVE_PAYMENT, context)
    return {
        "order": context.order,
        "means_at_handover": MEANS_AT_HANDOVER,
        "undoable": undoable_step(context.order, request.signed_in.author, request.now),
        "can_read_recipes": request.has_permission(Permission.RECIPES, context),
        "can_refund": request.has_permission(Permission.REFUND, context),
        "can_change": request.has_permission(Permission.CHANGE_ORDER, context),
        "can_receive": at_the_till and may_be_paid(context.order),
        "can_give_back": at_the_till and context.order.excess_cents > 0,
        "payments": payments_of(request.db, context.order.id),
        "key": new_key(),
    }


@view_config(route_name="advance_order", request_method="POST", permission=Permission.ADVANCE_ORDER)
def advance(context: StaffOrder, request: SignedInRequest) -> Answer:
    form = AdvanceForm(request.POST)
    if not form.validate():
        if form.errors.keys() != {"tendered"}:
            raise HTTPBadRequest
        say(request, first_error(form), "error")
        return go_back(context, request, form.board.data)
    try:
        order, paid = _advance(context, request, form)
    except StaleStatus as lost:
        say(request, lost_words(context.order.number, lost), "warning")
    except NotAllowed:
        say(request, NOT_YOURS, "error")
    except TooLittle as lacking:
        say(request, too_little(lacking), "error")
    except TooMuch as excess:
        say(request, too_much(excess), "error")
    except TillClosed:
        return open_first(context, request)
    except (OtherDue, OtherExcess) as other:
        text = other_due(other) if isinstance(other, OtherDue) else other_excess(other)
        say(request, text, "warning")
    else:
        _say_change(request, paid)
        text = _("${number} : ${status}", mapping=named_status(order.number, order.status))
        say(request, text, "success")
    return go_back(context, request, form.board.data)


def _advance(
    context: StaffOrder, request: SignedInRequest, form: AdvanceForm
) -> tuple[Order, Payment | None]:
    step = Step(Status(form.before.data), Status(form.after.data))
    who = request.signed_in.author
    if step.after is not Status.DELIVERED:
        return advance_order(request.db, context.order.id, step, who, request.now), None
    means = Means(form.means.data) if form.means.data else None
    sums = form.tendered.data, form.given_back.data or 0
    handed = HandOver(step.before, means, *sums, shown_due_cents=form.due.data)
    return hand_over(request.db, context.order.id, handed, who, request.now)


def _say_change(request: SignedInRequest, paid: Payment | None) -> None:
    """B32: what is to be given back of the cash that was handed over."""
    change = (paid.tendered_cents or 0) - paid.captured_cents if paid else 0
    if change > 0:
        say(request, _("À rendre : ${change}.", mapping={"change": Shown(euros, change)}))


def go_back(context: StaffOrder, request: SignedInRequest, board: str | None) -> HTTPSeeOther:
    """Redirect to the board that somebody tapped on, or to the order."""
    if board in BOARDS:
        return go_to(request, board, code=context.restaurant.code)
    if not context.concerns(request.signed_in):
        return go_to(request, "staff")
    return go_to_staff_order(context, request)


def named_status(number: str, status: Status) -> dict[str, Any]:
    """Return what messages about an order's status name."""
    return {"number": number, "status": label(status)}


def lost_words(number: str, lost: StaleStatus) -> str:
    """Return what to say to whoever came too late for an order."""
    mapping = {"number": number, "status": label(lost.status), "time": Shown(clock, lost.at)}
    if not lost.author_name:
        return _("Trop tard : ${number} est « ${status} » depuis ${time}.", mapping=mapping)
    return _(
        "Trop tard : ${number} est « ${status} » depuis ${time}, par ${name}.",
        mapping=mapping | {"name": lost.author_name},
    )

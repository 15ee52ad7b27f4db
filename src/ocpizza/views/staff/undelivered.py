"""« Personne » by a driver at the door, « Non remise » by a manager."""

from pyramid.view import view_config

from ocpizza.contexts import StaffOrder
from ocpizza.forms.staff import UndeliveredForm
from ocpizza.i18n import _
from ocpizza.models.order_status import Status, UndeliveredReason
from ocpizza.models.payment import PaymentStatus
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.advance import NotAllowed, StaleStatus
from ocpizza.services.order.not_delivered import Undelivered, end_undelivered, note_nobody
from ocpizza.views.answers import ask_again, go_to, go_to_staff_order, say
from ocpizza.views.staff.order import NOT_YOURS, lost_words

PAGE = {
    "route_name": "undelivered_order",
    "renderer": "staff/undelivered.jinja2",
    "permission": Permission.END_UNDELIVERED,
}
REFUNDABLE = (PaymentStatus.PAID, PaymentStatus.PARTLY_REFUNDED)


@view_config(route_name="nobody_there", request_method="POST", permission=Permission.DELIVERIES)
def nobody(context: StaffOrder, request: SignedInRequest) -> Answer:
    number = context.order.number
    try:
        note_nobody(request.db, context.order.id, request.signed_in.author, request.now)
    except StaleStatus as lost:
        say(request, lost_words(number, lost), "warning")
    except NotAllowed:
        say(request, NOT_YOURS, "error")
    else:
        text = _("${number} : votre responsable sait que personne n’a ouvert.")
        say(request, _(str(text), mapping={"number": number}), "success")
    return go_to(request, "deliveries", code=context.restaurant.code)


@view_config(**PAGE, request_method="GET")
def ask(context: StaffOrder, request: SignedInRequest) -> Answer:
    order = context.order
    if Status.NOT_DELIVERED not in order.next_statuses(request.signed_in.role):
        return go_to_staff_order(context, request)
    known = {"before": order.status.value}
    if order.nobody_at:
        known["reason"] = UndeliveredReason.NOBODY_THERE.value
    return {"order": order, "form": UndeliveredForm(mode=order.mode, data=known)}


@view_config(**PAGE, request_method="POST")
def end(context: StaffOrder, request: SignedInRequest) -> Answer:
    order = context.order
    form = UndeliveredForm(request.POST, mode=order.mode)
    if not form.validate():
        return ask_again(request, {"order": order, "form": form})
    reason = UndeliveredReason(form.reason.data)
    ending = Undelivered(Status(form.before.data), reason, form.note.data or "")
    try:
        order = end_undelivered(request.db, order.id, ending, request.signed_in.author, request.now)
    except StaleStatus as lost:
        say(request, lost_words(order.number, lost), "warning")
    except NotAllowed:
        say(request, NOT_YOURS, "error")
    else:
        text = _("${number} est marquée « non remise ».", mapping={"number": order.number})
        say(request, text, "success")
        if order.payment_status in REFUNDABLE:
            say(request, _("Elle est payée : remboursez-la ici si vous le souhaitez."), "info")
    return go_to_staff_order(context, request)

"""UC1.4 for a customer on the phone or at the counter."""

from pyramid.view import view_config

from ocpizza.forms.staff import CancelForm
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.resources import StaffOrder
from ocpizza.security.permissions import Permission
from ocpizza.services.order.cancel import Ending, TooLate, cancel_order
from ocpizza.views.answers import ask_again, go_to_staff_order, say

CANCEL = {
    "route_name": "staff_cancel_order",
    "renderer": "staff/cancel.jinja2",
    "permission": Permission.CHANGE_ORDER,
}


@view_config(**CANCEL, request_method="GET")
def ask(context: StaffOrder, request: Request) -> Answer:
    if not context.order.changeable:
        return go_to_staff_order(context, request)
    return {"order": context.order, "form": CancelForm()}


@view_config(**CANCEL, request_method="POST")
def cancel(context: StaffOrder, request: SignedInRequest) -> Answer:
    form = CancelForm(request.POST)
    if not form.validate():
        return ask_again(request, {"order": context.order, "form": form})
    who, number = request.signed_in.author, context.order.number
    try:
        ending = Ending(note=form.reason.data or "")
        cancel_order(request.db, context.order.id, who, request.now, ending)
    except TooLate as late:
        text = _(
            "${number} est « ${status} » : elle ne peut plus être annulée.",
            mapping={"number": number, "status": label(late.status)},
        )
        say(request, text, "error")
    else:
        say(request, _("${number} est annulée.", mapping={"number": number}), "success")
    return go_to_staff_order(context, request)

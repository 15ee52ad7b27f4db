"""UC4.1: a wrong tap is taken back within ten seconds."""

from pyramid.view import view_config

from ocpizza.contexts import StaffOrder
from ocpizza.i18n import _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.advance import NotAllowed, StaleStatus
from ocpizza.services.order.undo import TooLateToUndo, undo_step
from ocpizza.views.answers import chosen_row, say
from ocpizza.views.staff.order import go_back, lost_words, named_status


@view_config(route_name="undo_step", request_method="POST", permission=Permission.ADVANCE_ORDER)
def undo(context: StaffOrder, request: SignedInRequest) -> Answer:
    number, who = context.order.number, request.signed_in.author
    event = chosen_row(request, "event")
    try:
        order = undo_step(request.db, context.order.id, event, who, request.now)
    except StaleStatus as lost:
        say(request, lost_words(number, lost), "warning")
    except NotAllowed:
        say(request, _("Vous ne pouvez pas annuler cette étape."), "error")
    except TooLateToUndo:
        named = named_status(number, context.order.status)
        text = _("Trop tard pour annuler : ${number} reste « ${status} ».", mapping=named)
        say(request, text, "warning")
    else:
        named = named_status(number, order.status)
        text = _("Étape annulée : ${number} est de nouveau « ${status} ».", mapping=named)
        say(request, text, "success")
    return go_back(context, request, request.POST.get("board"))

"""« À rappeler »: an order that was confirmed by telephone."""

from pyramid.view import view_config

from ocpizza.contexts import StaffOrder
from ocpizza.i18n import _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.confirm_by_phone import confirm_by_phone
from ocpizza.views.answers import go_to, say


@view_config(route_name="confirm_order", request_method="POST", permission=Permission.CHANGE_ORDER)
def confirm(context: StaffOrder, request: SignedInRequest) -> Answer:
    number = {"number": context.order.number}
    if confirm_by_phone(request.db, context.order.id, request.signed_in.author, request.now):
        say(request, _("${number} est confirmée.", mapping=number), "success")
    else:
        say(request, _("${number} n’est plus à rappeler.", mapping=number), "warning")
    return go_to(request, "handovers", code=context.restaurant.code)

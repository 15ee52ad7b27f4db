"""UC1.4 for a customer on the phone or at the counter."""

from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import StaffOrder
from ocpizza.forms.staff import CancelForm
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.cancel import Ending, TooLate
from ocpizza.services.payment.counter import balance_of
from ocpizza.services.payment.give_back import GivenBack, OtherExcess, means_of, shares_of
from ocpizza.services.payment.queries import payments_of
from ocpizza.services.settlement.cancel_paid import cancel_and_give_back
from ocpizza.services.till.session import TillClosed
from ocpizza.views.answers import ask_again, go_to_staff_order, say
from ocpizza.views.staff.till_payment import new_key, open_first, other_excess, say_given_back

CANCEL = {
    "route_name": "staff_cancel_order",
    "renderer": "staff/cancel.jinja2",
    "permission": Permission.CHANGE_ORDER,
}


@view_config(**CANCEL, request_method="GET")
def ask(context: StaffOrder, request: Request) -> Answer:
    if not context.order.changeable:
        return go_to_staff_order(context, request)
    return _page(context, request, CancelForm())


@view_config(**CANCEL, request_method="POST")
def cancel(context: StaffOrder, request: SignedInRequest) -> Answer:
    form = CancelForm(request.POST)
    if not form.validate():
        return ask_again(request, _page(context, request, form))
    who, number = request.signed_in.author, context.order.number
    # Whoever is on the telephone comes for their money later.
    later = "plus-tard" in request.POST
    said = None if later else GivenBack(form.given_back.data or 0, form.key.data or None)
    try:
        ending = Ending(note=form.reason.data or "")
        refunds = cancel_and_give_back(request.db, context.order.id, who, request.now, ending, said)
    except TooLate as late:
        text = _(
            "${number} est « ${status} » : elle ne peut plus être annulée.",
            mapping={"number": number, "status": label(late.status)},
        )
        say(request, text, "error")
    except TillClosed:
        return open_first(context, request)
    except OtherExcess as other:
        say(request, other_excess(other), "warning")
        if context.order.changeable:
            return ask_again(request, _page(context, request, form))
    else:
        say(request, _("${number} est annulée.", mapping={"number": number}), "success")
        if refunds:
            say_given_back(request, sum(each.amount_cents for each in refunds))
    return go_to_staff_order(context, request)


def _page(context: StaffOrder, request: Request, form: CancelForm) -> dict[str, Any]:
    """With what is to be given back of an order that was paid at the till, and by which means."""
    payments = payments_of(request.db, context.order.id)
    excess = balance_of(context.order, payments, cancelling=True).excess_cents
    return {
        "order": context.order,
        "form": form,
        "excess_cents": excess,
        "excess_by": means_of(shares_of(payments, excess)),
        "key": new_key(),
    }

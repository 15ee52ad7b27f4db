"""B3: a manager gives money back, in full or in part, with a note."""

from typing import Any

from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.column_types import Cents
from ocpizza.contexts import StaffOrder
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.staff import RefundForm
from ocpizza.i18n import Shown, _
from ocpizza.models.payment import Payment
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.payment.queries import payments_of
from ocpizza.services.payment.refund import (
    MoreThanLeft,
    RefundRequest,
    refund_payment,
    refundable_cents,
)
from ocpizza.services.till.session import TillClosed
from ocpizza.views.answers import ask_again, go_to_staff_order, say
from ocpizza.views.staff.till_payment import open_first

REFUND = {
    "route_name": "refund_order",
    "renderer": "staff/refund.jinja2",
    "permission": Permission.REFUND,
}

MEANWHILE = _(
    "Un remboursement de cette commande vient d’être enregistré. Rien n’a été rendu de plus : "
    "vérifiez ce qui reste à rendre, puis enregistrez de nouveau s’il y a lieu."
)
# What can still be given back of each payment.
Left = dict[Payment, Cents]


@view_config(**REFUND, request_method="GET")
def ask(context: StaffOrder, request: Request) -> Answer:
    left = _left(request, context)
    if not left:
        return go_to_staff_order(context, request)
    payment, cents = next(iter(left.items()))
    shown = {"payment": payment.id, "amount": cents, "shown": sum(left.values())}
    form = RefundForm(data=shown)
    return {"order": context.order, "left": left, "form": form}


@view_config(**REFUND, request_method="POST")
def give_back(context: StaffOrder, request: SignedInRequest) -> Answer:
    left = _left(request, context)
    if not left:
        return go_to_staff_order(context, request)
    form = RefundForm(request.POST)
    known = {payment.id for payment in left}
    if not form.validate() or form.payment.data not in known:
        return _again(context, request, left, form)
    cents = form.amount.data
    who, shown = request.signed_in.author, form.shown.data or 0
    asked = RefundRequest(cents, who, note=form.reason.data, shown_cents=shown)
    try:
        refund = refund_payment(request.db, form.payment.data, asked, request.now)
    except TillClosed:
        return open_first(context, request)
    except StaleVersion:
        form.form_errors = [MEANWHILE]
        left = _left(request, context)
        form.shown.data = sum(left.values())
        return _again(context, request, left, form)
    except MoreThanLeft as refused:
        most = {"least": Shown(euros, 1), "left": Shown(euros, refused.left_cents)}
        form.amount.errors = [_("On peut rendre entre ${least} et ${left}.", mapping=most)]
        return _again(context, request, left, form)
    if refund.idempotency_key:
        request.settle_after_commit(refund.payment_id)
    text = _("Remboursement de ${amount} enregistré.", mapping={"amount": Shown(euros, cents)})
    say(request, text, "success")
    return go_to_staff_order(context, request)


def _left(request: Request, context: StaffOrder) -> Left:
    """Return what can still be given back of each payment of the order."""
    payments = payments_of(request.db, context.order.id)
    return {payment: cents for payment in payments if (cents := refundable_cents(payment)) > 0}


def _again(context: StaffOrder, request: Request, left: Left, form: RefundForm) -> dict[str, Any]:
    return ask_again(request, {"order": context.order, "left": left, "form": form})

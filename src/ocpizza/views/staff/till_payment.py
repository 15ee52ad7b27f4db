"""B32 at the till: an order is paid before it is handed over, or given back what is too much."""

import secrets
from collections.abc import Sequence

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.column_types import Cents
from ocpizza.contexts import StaffOrder, Workplace
from ocpizza.domain.tender import OtherDue, TooLittle, TooMuch
from ocpizza.forms.staff import GiveBackForm
from ocpizza.forms.till_payment import TillPaymentForm
from ocpizza.i18n import Shown, _
from ocpizza.labels import label
from ocpizza.models.payment import Means, Payment
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.queries import load_order
from ocpizza.services.payment.give_back import GivenBack, OtherExcess
from ocpizza.services.settlement.cancel_paid import give_back_now
from ocpizza.services.settlement.receive_payment import (
    NotPayable,
    Receiving,
    may_be_paid,
    receive_payment,
)
from ocpizza.services.till.session import TillClosed, find_till
from ocpizza.views.answers import ask_again, first_error, go_to, go_to_staff_order, say

PAY = {
    "route_name": "till_payment",
    "renderer": "staff/till_payment.jinja2",
    "permission": Permission.RECEIVE_PAYMENT,
}
NOT_PAYABLE = _("Il n’y a rien à encaisser pour cette commande.")
NOTHING_GIVEN = _("Indiquez ce que le client a donné.")
OTHER_DUE = _("Le montant à encaisser a changé : ${due} maintenant.")
TOO_LITTLE = _("${tendered} ne suffisent pas, il manque ${missing}.")
TOO_MUCH = _("${most} au plus : on ne rend la monnaie que sur les espèces.")
OPEN_FIRST = _("Ouvrez d’abord la caisse : comptez le fond de caisse. Rien n’est perdu.")
OTHER_EXCESS = _("Le montant à rendre a changé : ${sum} maintenant.")


@view_config(**PAY, request_method="GET")
def ask(context: StaffOrder, request: Request) -> Answer:
    order = load_order(request.db, context.order.id)
    if not may_be_paid(order):
        say(request, NOT_PAYABLE)
        return go_to_staff_order(context, request)
    if find_till(request.db, context.restaurant_id) is None:
        return open_first(context, request, order.number)
    form = TillPaymentForm(data={"key": new_key(), "due": order.due_cents})
    return {"order": order, "form": form}


@view_config(**PAY, request_method="POST")
def receive(context: StaffOrder, request: SignedInRequest) -> Answer:
    form = TillPaymentForm(request.POST)
    if not form.validate():
        return _again(context, request, form)
    if not any(form.given.values()):
        form.cash.errors = [NOTHING_GIVEN]
        return _again(context, request, form)
    said = Receiving(form.key.data, form.due.data, form.given, bool(form.later.data))
    who = request.signed_in.author
    try:
        paid = receive_payment(request.db, context.order.id, said, who, request.now)
    except NotPayable:
        return _again(context, request, form)
    except TillClosed:
        return open_first(context, request, context.order.number)
    except OtherDue as other:
        form.cash.errors = [other_due(other)]
        return _again(context, request, form)
    except TooLittle as lacking:
        form.cash.errors = [too_little(lacking)]
        return _again(context, request, form)
    except TooMuch as excess:
        form[excess.means].errors = [too_much(excess)]
        return _again(context, request, form)
    _say_received(request, paid)
    return go_to_staff_order(context, request)


@view_config(route_name="give_back", request_method="POST", permission=Permission.RECEIVE_PAYMENT)
def give_back(context: StaffOrder, request: SignedInRequest) -> Answer:
    form = GiveBackForm(request.POST)
    if not form.validate():
        say(request, first_error(form), "error")
        return go_to_staff_order(context, request)
    said, who = GivenBack(form.given_back.data, form.key.data), request.signed_in.author
    try:
        refunds = give_back_now(request.db, context.order.id, said, who, request.now)
    except TillClosed:
        return open_first(context, request)
    except OtherExcess as other:
        say(request, other_excess(other), "warning")
    else:
        say_given_back(request, sum(each.amount_cents for each in refunds))
    return go_to_staff_order(context, request)


def open_first(context: Workplace, request: Request, number: str = "") -> HTTPSeeOther:
    """Lead to the float, and from there to the payment of an order if one is named."""
    say(request, OPEN_FIRST, "warning")
    query = {"commande": number} if number else None
    return go_to(request, "till_session", query=query, code=context.restaurant.code)


def new_key() -> str:
    """Return the key of a form that is counted once."""
    return secrets.token_urlsafe(32)


def too_little(lacking: TooLittle) -> str:
    missing = lacking.due_cents - lacking.tendered_cents
    mapping = {"tendered": Shown(euros, lacking.tendered_cents), "missing": Shown(euros, missing)}
    return _(str(TOO_LITTLE), mapping=mapping)


def too_much(excess: TooMuch) -> str:
    return _(str(TOO_MUCH), mapping={"most": Shown(euros, excess.most_cents)})


def other_due(other: OtherDue) -> str:
    return _(str(OTHER_DUE), mapping={"due": Shown(euros, other.due_cents)})


def other_excess(other: OtherExcess) -> str:
    return _(str(OTHER_EXCESS), mapping={"sum": Shown(euros, other.cents)})


def say_given_back(request: Request, cents: Cents) -> None:
    text = _("Rendu : ${sum}, enregistré.", mapping={"sum": Shown(euros, cents)})
    say(request, text, "success")


def _say_received(request: Request, paid: Sequence[Payment]) -> None:
    """What was received of each means and, last, what is given back of the cash."""
    for payment in paid:
        values = {
            "sum": Shown(euros, payment.captured_cents),
            "means": label(payment.means),
            "number": payment.receipt.number if payment.receipt else 0,
        }
        say(
            request, _("Encaissé : ${sum}, ${means}, reçu n° ${number}.", mapping=values), "success"
        )
    cash = [each for each in paid if each.means is Means.CASH]
    change = sum((each.tendered_cents or 0) - each.captured_cents for each in cash)
    if change > 0:
        say(request, _("À rendre : ${change}.", mapping={"change": Shown(euros, change)}))


def _again(context: StaffOrder, request: Request, form: TillPaymentForm) -> Answer:
    order = load_order(request.db, context.order.id)
    if not may_be_paid(order):
        say(request, NOT_PAYABLE, "warning")
        return go_to_staff_order(context, request)
    return ask_again(request, {"order": order, "form": form})

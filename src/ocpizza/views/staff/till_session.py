"""The till of a restaurant: opened with its float, cash moved in and out, counted, closed."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.contexts import Workplace
from ocpizza.domain.cash import COINS, NOTES, worth
from ocpizza.forms.fields import EurosField
from ocpizza.forms.till_session import (
    CountForm,
    DriverReturnForm,
    OpenTillForm,
    TillMovementForm,
)
from ocpizza.i18n import Shown, _
from ocpizza.models.till import TillMovementKind, TillSession
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.order.queries import find_order
from ocpizza.services.till.close import Counted, OtherExpected, close_till
from ocpizza.services.till.drawer import drawer_of
from ocpizza.services.till.drivers import Brought, OtherCarried, bring_cash, carried_cash
from ocpizza.services.till.move import Moved, NotInDrawer, move_cash
from ocpizza.services.till.session import (
    AlreadyOpen,
    DifferenceUnexplained,
    TillClosed,
    find_till,
    open_till,
)
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.till_payment import new_key

MAY = {"permission": Permission.TILL_SESSION}
GET, POST = {"request_method": "GET", **MAY}, {"request_method": "POST", **MAY}
SESSION = {"renderer": "staff/till_session.jinja2"}
CLOSE = {"route_name": "till_close", "renderer": "staff/till_close.jinja2"}
CLOSED = _("La caisse a été close entre-temps.")
EXPLAIN = _("L’écart est de ${sum} : indiquez pourquoi.")


@view_config(route_name="till_session", **SESSION, **GET)
def show(context: Workplace, request: Request) -> Answer:
    form = OpenTillForm(data={"order": request.GET.get("commande", "")[:12]})
    return _page(context, request, opening=form)


@view_config(route_name="till_session", **SESSION, **POST)
def open_it(context: Workplace, request: SignedInRequest) -> Answer:
    form = OpenTillForm(request.POST)
    if not form.validate():
        return ask_again(request, _page(context, request, opening=form))
    here, who = context.restaurant_id, request.signed_in.author
    try:
        open_till(request.db, here, form.float_sum.data, who, request.now)
    except AlreadyOpen as other:
        mapping = {"sum": Shown(euros, other.till.float_cents)}
        say(request, _("La caisse est déjà ouverte, avec ${sum}.", mapping=mapping), "warning")
    else:
        mapping = {"sum": Shown(euros, form.float_sum.data)}
        say(request, _("La caisse est ouverte avec ${sum}.", mapping=mapping), "success")
    order = find_order(request.db, form.order.data or "", here)
    if order is not None:
        return go_to(request, "till_payment", code=context.restaurant.code, number=order.number)
    return _back(context, request)


@view_config(route_name="till_movement", **SESSION, **POST)
def move(context: Workplace, request: SignedInRequest) -> Answer:
    till, form = find_till(request.db, context.restaurant_id), TillMovementForm(request.POST)
    if till is None:
        return _closed(context, request)
    if not form.validate() or not form.cents:
        if form.amount.data == 0:
            form.amount.errors = [_("Indiquez un montant.")]
        return ask_again(request, _page(context, request, moving=form))
    said = Moved(form.cents, form.note.data, form.key.data)
    try:
        move_cash(request.db, till, said, request.signed_in.author, request.now)
    except TillClosed:
        return _closed(context, request)
    except NotInDrawer as refused:
        mapping = {"left": Shown(euros, refused.left_cents)}
        form.amount.errors = [_("Il n’y a que ${left} dans la caisse.", mapping=mapping)]
        return ask_again(request, _page(context, request, moving=form))
    say(request, _("Mouvement enregistré."), "success")
    return _back(context, request)


@view_config(route_name="till_driver", **SESSION, **POST)
def bring(context: Workplace, request: SignedInRequest) -> Answer:
    till, form = find_till(request.db, context.restaurant_id), DriverReturnForm(request.POST)
    if till is None:
        return _closed(context, request)
    if not form.validate():
        return ask_again(request, _page(context, request, bringing=form))
    shown, why = form.shown.data, form.why.data or ""
    said = Brought(form.driver.data, form.cents, shown, why, form.key.data)
    try:
        bring_cash(request.db, till, said, request.signed_in.author, request.now)
    except TillClosed:
        return _closed(context, request)
    except OtherCarried as other:
        mapping = {"sum": Shown(euros, other.cents)}
        say(request, _("Ce livreur a ${sum} à rapporter maintenant.", mapping=mapping), "warning")
        return _back(context, request)
    except DifferenceUnexplained:
        mapping = {"sum": Shown(euros, form.cents - form.shown.data)}
        form.why.errors = [_(str(EXPLAIN), mapping=mapping)]
        return ask_again(request, _page(context, request, bringing=form))
    say(request, _("Retour du livreur enregistré."), "success")
    return _back(context, request)


@view_config(**CLOSE, **GET)
def ask_count(context: Workplace, request: Request) -> Answer:
    till = find_till(request.db, context.restaurant_id)
    if till is None:
        return _back(context, request)
    return _count_page(request, till, CountForm(), computed=False)


@view_config(**CLOSE, **POST)
def close(context: Workplace, request: SignedInRequest) -> Answer:
    till, form = find_till(request.db, context.restaurant_id), CountForm(request.POST)
    if till is None or form.till.data not in (None, till.id):
        return _closed(context, request)
    if "calculer" in request.POST and form.validate():
        return _count_page(request, till, form, computed=True)
    if not form.validate():
        return ask_again(request, _count_page(request, till, form, computed=True))
    said = Counted(form.pieces, form.expected.data, form.note.data or "")
    try:
        closed = close_till(request.db, till, said, request.signed_in.author, request.now)
    except TillClosed:
        return _closed(context, request)
    except OtherExpected as other:
        mapping = {"sum": Shown(euros, other.cents)}
        text = _("Un encaissement est passé entre-temps : ${sum} attendus.", mapping=mapping)
        form.form_errors = [text]
        return ask_again(request, _count_page(request, till, form, computed=True))
    except DifferenceUnexplained:
        mapping = {"sum": Shown(euros, worth(form.pieces) - form.expected.data)}
        form.note.errors = [_(str(EXPLAIN), mapping=mapping)]
        return ask_again(request, _count_page(request, till, form, computed=True))
    values = {
        "number": closed.number,
        "counted": Shown(euros, closed.counted_cents or 0),
        "difference": Shown(euros, closed.difference_cents),
    }
    text = _(
        "Caisse close (Z n° ${number}) : ${counted} comptés, écart ${difference}.", mapping=values
    )
    say(request, text, "success")
    return go_to(request, "till_report", code=context.restaurant.code, report=closed.number)


def _page(
    context: Workplace,
    request: Request,
    *,
    opening: OpenTillForm | None = None,
    moving: TillMovementForm | None = None,
    bringing: DriverReturnForm | None = None,
) -> dict[str, Any]:
    till = find_till(request.db, context.restaurant_id, whole=True)
    if till is None:
        return {"till": None, "form": opening or OpenTillForm()}
    kind = TillMovementKind.TAKEN_OUT.value
    carried = carried_cash(request.db, context.restaurant_id, request.now)
    return {
        "till": till,
        "drawer": drawer_of(request.db, till),
        "form": moving or TillMovementForm(data={"key": new_key(), "kind": kind}),
        "bringing": bringing,
        "carried": [(each, new_key(), EurosField.write(abs(each.cents))) for each in carried],
    }


def _count_page(
    request: Request, till: TillSession, form: CountForm, *, computed: bool
) -> dict[str, Any]:
    return {
        "till": till,
        "form": form,
        "computed": computed,
        "notes": NOTES,
        "coins": COINS,
        "counted_cents": worth(form.pieces) if not form.errors or computed else 0,
        "expected_cents": drawer_of(request.db, till).expected_cents,
    }


def _closed(context: Workplace, request: Request) -> HTTPSeeOther:
    say(request, CLOSED, "warning")
    return _back(context, request)


def _back(context: Workplace, request: Request) -> HTTPSeeOther:
    return go_to(request, "till_session", code=context.restaurant.code)

"""GDPR, art. 17, for guests: erase the person from an ended order, reached by its secret link."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.contexts import TrackedOrder
from ocpizza.forms.privacy import EraseOrderForm
from ocpizza.i18n import _
from ocpizza.models.order import Order
from ocpizza.models.order_status import ENDED
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.order.queries import load_order
from ocpizza.services.privacy.erase_orders import erase_orders, forget_contacts
from ocpizza.services.rate_limits import TooManyUses, count_uses, lookup_from
from ocpizza.views.answers import ask_again, go_to, say, too_many_tries

ERASE = {
    "route_name": "erase_order",
    "renderer": "order/erase.jinja2",
    "permission": Permission.SHOP,
}


@view_config(**ERASE, request_method="GET")
def ask(context: TrackedOrder, request: Request) -> Answer:
    order = load_order(request.db, context.order_id)
    return _not_now(request, order) or {"order": order, "form": EraseOrderForm()}


@view_config(**ERASE, request_method="POST")
def erase(context: TrackedOrder, request: Request) -> Answer:
    order = load_order(request.db, context.order_id)
    refused = _not_now(request, order)
    if refused:
        return refused
    form = EraseOrderForm(request.POST)
    if not _proved(request, order, form):
        return ask_again(request, {"order": order, "form": form})
    forget_contacts(request.db, [order.id])
    erase_orders(request.db, [order.id], request.now)
    text = _("Vos données personnelles sont effacées de cette commande.")
    say(request, text, "success")
    return go_to(request, "tracking", token=request.matchdict["token"])


def _not_now(request: Request, order: Order) -> HTTPSeeOther | None:
    """Back to the order's page while it runs, and when it names nobody any more."""
    if order.status not in ENDED:
        text = _("Vos données s’effacent une fois la commande terminée.")
    elif order.erased_at:
        text = _("Cette commande ne contient plus de données personnelles.")
    else:
        return None
    say(request, text, "warning")
    return go_to(request, "tracking", token=request.matchdict["token"])


def _proved(request: Request, order: Order, form: EraseOrderForm) -> bool:
    """The link may have been passed on: its owner also knows the order's phone or e-mail.

    Where none was given (at the counter), the link is all the proof there can be.
    """
    if not (order.phone or order.email):
        return True
    if not form.validate():
        return False
    try:
        looked = lookup_from(request.remote_addr, order.number)
        count_uses(request.db, looked, request.now)
    except TooManyUses as refused:
        form.form_errors = [too_many_tries(request, refused)]
        return False
    if form.contact.kept and form.contact.kept in (order.phone, order.email):
        return True
    form.contact.errors = [_("Ce n’est pas le contact donné à la commande.")]
    return False

"""UC6.1: the orders of a restaurant, as a page and for a spreadsheet."""

from collections.abc import Sequence
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.domain.hours import PARIS, business_day
from ocpizza.forms.order import MAX_TYPED
from ocpizza.forms.orders import OrdersForm
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.order import Order, Source
from ocpizza.models.order_status import Status
from ocpizza.models.vat import Mode
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.order.follow import Filter, every_order, follow_orders
from ocpizza.services.order.queries import find_order
from ocpizza.views.answers import ask_again, go_to
from ocpizza.views.spreadsheet import decimal, spreadsheet

MANAGER = {"request_method": "GET", "permission": Permission.ORDERS}
COLUMNS = (
    _("Commande"),
    _("Jour"),
    _("Heure"),
    _("Statut"),
    _("Mode"),
    _("Origine"),
    _("Client"),
    _("Produits"),
    _("Remise"),
    _("Livraison"),
    _("Total TTC"),
    _("Paiement"),
    _("Moyen de paiement"),
)


@view_config(route_name="orders", renderer="staff/orders.jinja2", **MANAGER)
def orders(context: Workplace, request: Request) -> Answer:
    form = _form(request)
    if not form.validate():
        return ask_again(request, {"form": form, "page": None, "asked": {}})
    # A number is somebody's very order, of whatever day.
    found = find_order(request.db, form.qui.data or "", context.restaurant_id)
    if found:
        return go_to(request, "staff_order", code=context.restaurant.code, number=found.number)
    before = request.GET.get("avant", "")[:MAX_TYPED]
    page = follow_orders(request.db, context.restaurant_id, _filter(form), before)
    return {"form": form, "page": page, "asked": _asked(form), "newest": not before}


@view_config(route_name="orders_csv", **MANAGER)
def download(context: Workplace, request: Request) -> Response:
    form = _form(request)
    if not form.validate():
        raise HTTPBadRequest
    found = every_order(request.db, context.restaurant_id, _filter(form))
    name = "-".join(map(str, ("commandes", context.restaurant.code, *form.period)))
    return spreadsheet(request, name, COLUMNS, (_row(request, order) for order in found))


def _form(request: Request) -> OrdersForm:
    return OrdersForm(request.GET, today=business_day(request.now))


def _filter(form: OrdersForm) -> Filter:
    status, mode, source = form.statut.data, form.mode.data, form.origine.data
    return Filter(
        first=form.period[0],
        last=form.period[1],
        status=Status(status) if status else None,
        mode=Mode(mode) if mode else None,
        source=Source(source) if source else None,
        sought=form.sought,
    )


def _asked(form: OrdersForm) -> dict[str, Any]:
    """Return the filter as an address says it."""
    return {field.name: str(field.data) for field in form if field.data}


def _row(request: Request, order: Order) -> Sequence[str | int | None]:
    translate, revision = request.localizer.translate, order.revision
    named = (order.status, order.mode, order.source)
    return [
        order.number,
        f"{order.business_day:%d/%m/%Y}",
        f"{order.placed_at.astimezone(PARIS):%H:%M}",
        *(translate(label(value)) for value in named),
        order.contact_name,
        decimal(revision.subtotal_cents),
        decimal(revision.discount_cents),
        decimal(revision.delivery_fee_cents),
        decimal(revision.total_cents),
        translate(label(order.payment_status)),
        translate(label(order.means)),
    ]

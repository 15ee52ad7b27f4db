"""UC6.2: a delivery from a supplier is received, as its delivery note says."""

from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.forms.stock_delivery import StockDeliveryForm
from ocpizza.i18n import _, ngettext
from ocpizza.models.stock import Stock
from ocpizza.rendering import name_order
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.stock.queries import list_stocks
from ocpizza.services.stock.receive import NoRoom, Received, newest_movement, receive
from ocpizza.views.answers import ask_again, go_to, say

DELIVERY = {
    "route_name": "stock_delivery",
    "renderer": "staff/stock_delivery.jinja2",
    "permission": Permission.CHANGE_STOCK,
}
TOO_MUCH = _("C’est plus que ce qu’un restaurant peut garder.")


@view_config(**DELIVERY, request_method="GET")
def ask(context: Workplace, request: Request) -> Answer:
    return _page(context, request, None)


@view_config(**DELIVERY, request_method="POST")
def receive_delivery(context: Workplace, request: SignedInRequest) -> Answer:
    page = _page(context, request, request.POST)
    form: StockDeliveryForm = page["form"]
    if not form.validate():
        return ask_again(request, page)
    received = Received(form.quantities, form.note.data or "", form.seen.data or 0)
    who = request.signed_in.account_id
    try:
        receive(request.db, context.restaurant_id, received, who, request.now)
    except NoRoom as refused:
        for key in refused.ingredient_ids:
            form.delivered[key].refuse_quantity(TOO_MUCH)
        return ask_again(request, page)
    text = ngettext(
        "Livraison enregistrée : ${num} ingrédient.",
        "Livraison enregistrée : ${num} ingrédients.",
        len(received.quantities),
    )
    say(request, text, "success")
    return go_to(request, "stock", code=context.restaurant.code)


def _page(context: Workplace, request: Request, typed: Any) -> dict[str, Any]:
    stocks = _in_order(context, request)
    first = {"seen": newest_movement(request.db)} if typed is None else None
    form = StockDeliveryForm(typed, [stock.ingredient for stock in stocks], first)
    return {"form": form, "stocks": stocks}


def _in_order(context: Workplace, request: Request) -> list[Stock]:
    found = list_stocks(request.db, context.restaurant_id)
    return sorted(found, key=lambda stock: name_order(stock.ingredient, request.locale_name))

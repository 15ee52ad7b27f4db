"""« Plus de … »: an ingredient to zero and off the menu at once, undone for a minute."""

from functools import partial
from typing import Any

from pyramid.view import view_config

from ocpizza.amounts import signed_quantity
from ocpizza.contexts import StaffStock
from ocpizza.i18n import Shown, _
from ocpizza.labels import label
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.stock.sold_out import MovedMeanwhile, TooLate, sell_out, undo_sell_out
from ocpizza.views.answers import chosen_row, go_to, say
from ocpizza.views.staff.stock import named, shown

TOO_LATE = _(
    "${name} : la minute est passée, rien n’a été remis. Un responsable peut corriger le stock."
)
MOVED = _(
    "${name} : le stock a bougé entre-temps (${reason}, ${delta}), rien n’a été remis. "
    "Un responsable peut le corriger."
)
POST = {"request_method": "POST", "permission": Permission.SELL_OUT}


@view_config(route_name="stock_sold_out", **POST)
def no_more(context: StaffStock, request: SignedInRequest) -> Answer:
    name = {"name": named(request, context.stock.ingredient)}
    if sell_out(request.db, context.stock, request.signed_in.account_id, request.now):
        text = _("${name} : il n’y en a plus. Ce qui en contient ne se vend plus.", mapping=name)
        say(request, text, "success")
    else:
        say(request, _("${name} : c’était déjà à zéro.", mapping=name))
    return go_to(request, "stock", code=context.restaurant.code)


@view_config(route_name="stock_sold_out_undo", **POST)
def some_left(context: StaffStock, request: SignedInRequest) -> Answer:
    who, ingredient = request.signed_in.account_id, context.stock.ingredient
    name: dict[str, Any] = {"name": named(request, ingredient)}
    movement = chosen_row(request, "movement")
    try:
        left = undo_sell_out(request.db, context.stock, movement, who, request.now)
    except TooLate:
        say(request, _(str(TOO_LATE), mapping=name), "warning")
    except MovedMeanwhile as moved:
        delta = Shown(partial(signed_quantity, unit=ingredient.unit), moved.movement.delta)
        what = {"reason": label(moved.movement.reason), "delta": delta}
        say(request, _(str(MOVED), mapping=name | what), "warning")
    else:
        text = _("${name} : ${left} de nouveau en stock.")
        say(request, _(str(text), mapping=name | {"left": shown(left, ingredient)}), "success")
    return go_to(request, "stock", code=context.restaurant.code)

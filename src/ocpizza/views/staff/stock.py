"""D2, UC6.2: what there is of each ingredient, and how it is changed by hand."""

from functools import partial
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.amounts import quantity
from ocpizza.contexts import StaffStock, Workplace
from ocpizza.forms.stock import StockChangeForm
from ocpizza.i18n import Shown, _
from ocpizza.models.ingredient import Ingredient
from ocpizza.models.stock import Reason
from ocpizza.rendering import name_order, written_in
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.stock.change import (
    ChangedMeanwhile,
    OutOfBounds,
    StockChange,
    Unchanged,
    change_stock,
)
from ocpizza.services.stock.movements import MovementPage, list_movements
from ocpizza.services.stock.queries import list_stocks
from ocpizza.services.stock.sold_out import list_undoable
from ocpizza.views.answers import ask_again, chosen_row, go_to, say

INGREDIENT = {"route_name": "stock_ingredient", "renderer": "staff/stock_ingredient.jinja2"}
CHANGED = _("Le contenu du stock a été modifié : ${name}, ${left}.")
MEANWHILE = _(
    "Le stock de cet ingrédient a été modifié entre-temps. Vos saisies sont gardées : regardez les "
    "derniers mouvements, puis enregistrez de nouveau si c’est encore juste."
)


@view_config(route_name="stock", renderer="staff/stock.jinja2", permission=Permission.STOCK)
def stock(context: Workplace, request: Request) -> Answer:
    found, language = list_stocks(request.db, context.restaurant_id), request.locale_name
    stocks = sorted(found, key=lambda stock: name_order(stock.ingredient, language))
    short = [stock for stock in stocks if stock.quantity <= stock.alert_quantity]
    return {
        "stocks": stocks,
        "short": sorted(short, key=lambda stock: stock.quantity > 0),
        "ingredients": {stock.ingredient_id: stock.ingredient for stock in stocks},
        "undoable": list_undoable(request.db, stocks, request.now),
        "can_count": request.has_permission(Permission.CHANGE_STOCK, context),
        "can_sell_out": request.has_permission(Permission.SELL_OUT, context),
    }


@view_config(**INGREDIENT, request_method="GET", permission=Permission.STOCK)
def show(context: StaffStock, request: SignedInRequest) -> Answer:
    before, after = (chosen_row(request, name) for name in ("avant", "apres"))
    page = list_movements(request.db, context.stock, before, after)
    form = StockChangeForm(None, context.stock.ingredient, {"seen": _seen(page)})
    return _page(context, request, form, page)


@view_config(**INGREDIENT, request_method="POST", permission=Permission.CHANGE_STOCK)
def change(context: StaffStock, request: SignedInRequest) -> Answer:
    form = StockChangeForm(request.POST, context.stock.ingredient)
    if not form.validate():
        return _again(context, request, form)
    why, note = Reason(form.reason.data), form.note.data or ""
    change = StockChange(why, form.whole, note, form.seen.data or 0)
    who = request.signed_in.account_id
    try:
        left = change_stock(request.db, context.stock, change, who, request.now)
    except ChangedMeanwhile:
        form.form_errors = [MEANWHILE]
        form.seen.data = _seen(list_movements(request.db, context.stock))
        return _again(context, request, form)
    except Unchanged:
        form.refuse_quantity(_("C’est déjà ce qu’il y a en stock."))
        return _again(context, request, form)
    except OutOfBounds as refused:
        form.refuse_quantity(_out_of_bounds(change, refused, context.stock.ingredient))
        return _again(context, request, form)
    return _changed(context, request, left)


def _changed(context: StaffStock, request: Request, left: int) -> HTTPSeeOther:
    ingredient = context.stock.ingredient
    mapping = {"name": named(request, ingredient), "left": shown(left, ingredient)}
    say(request, _(str(CHANGED), mapping=mapping), "success")
    return go_to(request, "stock", code=context.restaurant.code)


def _out_of_bounds(change: StockChange, refused: OutOfBounds, ingredient: Ingredient) -> str:
    if change.reason is Reason.SUPPLY:
        return _("C’est plus que ce qu’un restaurant peut garder.")
    left = {"left": shown(refused.left, ingredient)}
    return _("Il n’y en a plus que ${left} en stock.", mapping=left)


def named(request: Request, ingredient: Ingredient) -> str:
    """Return the name of an ingredient as the list of stocks has it."""
    return written_in(request.locale_name, ingredient, "name")


def shown(value: int, ingredient: Ingredient) -> Shown:
    """Return a quantity of an ingredient for a text."""
    return Shown(partial(quantity, unit=ingredient.unit), value)


def _seen(page: MovementPage) -> int:
    return page.last.id if page.last else 0


def _page(
    context: StaffStock, request: SignedInRequest, form: StockChangeForm, page: MovementPage
) -> dict[str, Any]:
    return {
        "stock": context.stock,
        "form": form,
        "page": page,
        "left": page.last.quantity_after if page.last else 0,
        "can_change": request.has_permission(Permission.CHANGE_STOCK, context),
    }


def _again(context: StaffStock, request: SignedInRequest, form: StockChangeForm) -> dict[str, Any]:
    page = list_movements(request.db, context.stock)
    return ask_again(request, _page(context, request, form, page))

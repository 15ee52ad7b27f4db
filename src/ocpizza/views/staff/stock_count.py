"""UC6.2: stock-taking on a telephone or a tablet, an ingredient a page."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.contexts import StaffStock, Workplace
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.stock import CountedForm
from ocpizza.i18n import Shown, _, ngettext
from ocpizza.models.stock import Stock
from ocpizza.models.stock_count import StockCount, StockCountLine
from ocpizza.moments import clock
from ocpizza.rendering import name_order
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.stock.count import (
    Counted,
    CountedMeanwhile,
    NoCount,
    begin_count,
    count_stock,
    find_open,
    give_up_count,
    lines_of,
    newest_count,
)
from ocpizza.services.stock.queries import list_stocks
from ocpizza.services.stock.record_count import differences, record_count
from ocpizza.views.answers import ask_again, chosen_row, go_to, say
from ocpizza.views.staff.stock import shown

MANAGER = {"permission": Permission.CHANGE_STOCK}
GET, POST = {"request_method": "GET", **MANAGER}, {"request_method": "POST", **MANAGER}
ONE = {"route_name": "stock_count_ingredient", "renderer": "staff/stock_count_ingredient.jinja2"}
OVER = _("Cet inventaire est terminé ou abandonné.")
MEANWHILE = _(
    "Entre-temps, ${name} a compté ${counted} à ${time}. Vérifiez, puis enregistrez de nouveau si "
    "votre compte est le bon."
)
STALE = _("L’inventaire a changé entre-temps : relisez les écarts avant de les enregistrer.")


@view_config(route_name="stock_count", renderer="staff/stock_count.jinja2", **GET)
def overview(context: Workplace, request: Request) -> Answer:
    count = newest_count(request.db, context.restaurant_id)
    if count is None or count.ended_at:
        return {"count": None, "last": count}
    lines, stocks = lines_of(request.db, count), _in_order(context, request)
    return {"count": count, "lines": lines, "stocks": stocks, "next": _next(stocks, lines)}


@view_config(route_name="stock_count", **POST)
def begin(context: Workplace, request: SignedInRequest) -> Answer:
    who = request.signed_in.account_id
    count = begin_count(request.db, context.restaurant_id, who, request.now)
    return _go_on(context, request, count)


@view_config(route_name="stock_count_give_up", **POST)
def give_up(context: Workplace, request: Request) -> Answer:
    try:
        give_up_count(request.db, chosen_row(request, "count"), context.restaurant_id, request.now)
    except NoCount:
        say(request, OVER, "warning")
    else:
        say(request, _("L’inventaire est abandonné, le stock n’a pas changé."), "success")
    return go_to(request, "stock_count", code=context.restaurant.code)


@view_config(**ONE, **GET)
def ask(context: StaffStock, request: Request) -> Answer:
    count = find_open(request.db, context.restaurant_id)
    if count is None:
        return go_to(request, "stock_count", code=context.restaurant.code)
    lines = lines_of(request.db, count)
    line = lines.get(context.stock.ingredient_id)
    form = CountedForm.of(context.stock.ingredient, line.counted if line else None)
    return _page(context, request, form, lines)


@view_config(**ONE, **POST)
def keep(context: StaffStock, request: SignedInRequest) -> Answer:
    count = find_open(request.db, context.restaurant_id)
    if count is None:
        return _over(context, request)
    form = CountedForm(request.POST, context.stock.ingredient)
    if not form.validate():
        return _again(context, request, form, count)
    said, who = Counted(form.whole, form.before.data), request.signed_in.account_id
    try:
        count_stock(request.db, context.stock, said, who, request.now)
    except NoCount:
        return _over(context, request)
    except CountedMeanwhile as other:
        form.form_errors = [_meanwhile(context, other.line)]
        form.before.data = other.line.counted
        return _again(context, request, form, count)
    return _go_on(context, request, count, context.stock)


@view_config(
    route_name="stock_count_differences", renderer="staff/stock_count_differences.jinja2", **GET
)
def show_differences(context: Workplace, request: Request) -> Answer:
    count = find_open(request.db, context.restaurant_id)
    found = differences(request.db, count) if count else []
    if not found:
        return go_to(request, "stock_count", code=context.restaurant.code)
    by_ingredient = {each.line.ingredient_id: each for each in found}
    stocks = _in_order(context, request)
    counted = [stock for stock in stocks if stock.ingredient_id in by_ingredient]
    return {
        "count": count,
        "rows": [(stock, by_ingredient[stock.ingredient_id]) for stock in counted],
        "uncounted": len(stocks) - len(counted),
        "deltas": sum(1 for each in found if each.delta),
    }


@view_config(route_name="stock_count_differences", **POST)
def record(context: Workplace, request: SignedInRequest) -> Answer:
    count, version = chosen_row(request, "count"), chosen_row(request, "version")
    here, who = context.restaurant_id, request.signed_in.account_id
    try:
        moved = record_count(request.db, count, here, version, who, request.now)
    except StaleVersion:
        say(request, STALE, "warning")
        return go_to(request, "stock_count_differences", code=context.restaurant.code)
    except NoCount:
        return _over(context, request)
    text = ngettext(
        "Le contenu du stock a été modifié : ${num} écart enregistré.",
        "Le contenu du stock a été modifié : ${num} écarts enregistrés.",
        moved,
    )
    say(request, text, "success")
    return go_to(request, "stock", code=context.restaurant.code)


def _over(context: Workplace, request: Request) -> HTTPSeeOther:
    say(request, OVER, "warning")
    return go_to(request, "stock_count", code=context.restaurant.code)


def _meanwhile(context: StaffStock, line: StockCountLine) -> str:
    mapping = {
        "name": line.author.full_name if line.author else "–",
        "counted": shown(line.counted, context.stock.ingredient),
        "time": Shown(clock, line.counted_at),
    }
    return _(str(MEANWHILE), mapping=mapping)


def _in_order(context: Workplace, request: Request) -> list[Stock]:
    stocks, language = list_stocks(request.db, context.restaurant_id), request.locale_name
    return sorted(stocks, key=lambda stock: name_order(stock.ingredient, language))


def _next(
    stocks: list[Stock], lines: dict[int, StockCountLine], after: Stock | None = None
) -> Stock | None:
    """Return what is to be counted next: behind this one, else from the beginning."""
    place = stocks.index(after) + 1 if after in stocks else 0
    waiting = (each for each in stocks[place:] + stocks[:place] if each.ingredient_id not in lines)
    return next((each for each in waiting if each is not after), None)


def _go_on(
    context: Workplace, request: Request, count: StockCount, after: Stock | None = None
) -> HTTPSeeOther:
    code = context.restaurant.code
    following = _next(_in_order(context, request), lines_of(request.db, count), after)
    if following is None:
        return go_to(request, "stock_count_differences", code=code)
    ingredient = following.ingredient_id
    return go_to(request, "stock_count_ingredient", code=code, ingredient=ingredient)


def _page(
    context: StaffStock, request: Request, form: CountedForm, lines: dict[int, StockCountLine]
) -> dict[str, Any]:
    stocks = _in_order(context, request)
    return {
        "stock": context.stock,
        "form": form,
        "line": lines.get(context.stock.ingredient_id),
        "counted": len(lines),
        "all": len(stocks),
        "next": _next(stocks, lines, context.stock),
    }


def _again(
    context: StaffStock, request: Request, form: CountedForm, count: StockCount
) -> dict[str, Any]:
    return ask_again(request, _page(context, request, form, lines_of(request.db, count)))

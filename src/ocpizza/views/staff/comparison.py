"""UC6.1: restaurants side by side, over any period and beside another one, with charts and CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.domain.comparison import Period, change
from ocpizza.domain.hours import business_day, span
from ocpizza.domain.sales import Figures, total
from ocpizza.forms.comparison import ComparisonForm
from ocpizza.i18n import _
from ocpizza.models.ingredient import Unit
from ocpizza.request import Answer, Request, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.sales.compare import figures_by_restaurant, turnover_by_day
from ocpizza.services.stock.waste import Waste, wasted
from ocpizza.views.answers import ask_again
from ocpizza.views.chart import bars, columns
from ocpizza.views.spreadsheet import decimal, spreadsheet

PAGE = {"renderer": "staff/comparison.jinja2", "request_method": "GET"}
MANAGER = {"permission": Permission.COMPARISON}
COLUMNS = (
    _("Restaurant"),
    _("Du"),
    _("Au"),
    _("Jours clos"),
    _("Commandes"),
    _("Chiffre d’affaires TTC"),
    _("Panier moyen"),
    _("Attente moyenne (min)"),
    _("En retard"),
    _("Remboursé"),
    _("Annulées"),
    _("Non remises"),
    _("Pertes (coût HT)"),
    _("Pertes sans coût connu (g)"),
    _("Pertes sans coût connu (ml)"),
    _("Pertes sans coût connu (pièces)"),
)


@dataclass(frozen=True)
class Side:
    """What a restaurant, or all of them, did in a period."""

    days: int
    figures: Figures
    waste: Waste


@dataclass(frozen=True)
class Line:
    """A restaurant's two periods."""

    name: str
    now: Side
    before: Side


@view_config(route_name="comparison", **PAGE, **MANAGER)
def comparison(context: Workplace, request: SignedInRequest) -> Answer:
    here = context.restaurant
    return _page(request, {here.id: here.name}, ("comparison_csv", {"code": here.code}))


@view_config(route_name="comparison_csv", request_method="GET", **MANAGER)
def download(context: Workplace, request: SignedInRequest) -> Response:
    here = context.restaurant
    return _file(request, {here.id: here.name}, f"comparaison-{here.code}")


@view_config(route_name="group_comparison", **PAGE, **MANAGER)
def group(request: SignedInRequest) -> Answer:
    return _page(request, _all(request), ("group_comparison_csv", {}))


@view_config(route_name="group_comparison_csv", request_method="GET", **MANAGER)
def group_download(request: SignedInRequest) -> Response:
    return _file(request, _all(request), "comparaison")


def _all(request: Request) -> dict[int, str]:
    return {point.id: point.name for point in list_restaurants(request.db)}


def _form(request: Request) -> ComparisonForm:
    return ComparisonForm(request.GET, today=business_day(request.now))


def _page(request: Request, names: dict[int, str], csv: tuple[str, dict[str, str]]) -> Answer:
    form = _form(request)
    if not form.validate():
        return ask_again(request, {"form": form, "lines": [], "whole": None, "csv": None})
    lines = _lines(request, names, form)
    route, parts = csv
    asked = {field.name: str(field.data) for field in form if field.data}
    return {
        "form": form,
        "lines": lines,
        "whole": _whole(lines) if len(lines) > 1 else None,
        "change": change,
        "charts": _charts(lines),
        "by_day": columns(list(turnover_by_day(request.db, list(names), form.period).items())),
        "csv": request.route_path(route, _query=asked, **parts),
    }


def _file(request: Request, names: dict[int, str], name: str) -> Response:
    form = _form(request)
    if not form.validate():
        raise HTTPBadRequest
    period = form.period
    lines = _lines(request, names, form)
    rows = (row for line in lines for row in _rows(line, period, form.before))
    return spreadsheet(request, f"{name}-{period.first}-{period.last}", COLUMNS, rows)


def _lines(request: Request, names: dict[int, str], form: ComparisonForm) -> list[Line]:
    now, before = (_sides(request, names, each) for each in (form.period, form.before))
    return [Line(name, now[id], before[id]) for id, name in names.items()]


def _sides(request: Request, names: dict[int, str], period: Period) -> dict[int, Side]:
    closed = figures_by_restaurant(request.db, list(names), period)
    waste = wasted(request.db, list(names), span(period.first)[0], span(period.last)[1])
    nothing = Figures()
    return {
        id: Side(
            closed[id].days if id in closed else 0,
            closed[id].figures if id in closed else nothing,
            waste.get(id, Waste()),
        )
        for id in names
    }


def _whole(lines: Sequence[Line]) -> Line:
    return Line("", *(_sum([getattr(line, side) for line in lines]) for side in ("now", "before")))


def _sum(sides: Sequence[Side]) -> Side:
    without = {unit: sum(side.waste.without_cost.get(unit, 0) for side in sides) for unit in Unit}
    waste = Waste(
        sum(side.waste.cents for side in sides),
        {unit: quantity for unit, quantity in without.items() if quantity},
    )
    return Side(
        sum(side.days for side in sides),
        total(side.figures for side in sides),
        waste,
    )


# (title, which figure, how it is written)
CHARTS = (
    (_("Chiffre d’affaires"), "turnover_cents", "euros"),
    (_("Panier moyen"), "average_cents", "euros"),
    (_("Part des commandes en retard"), "late_share", "percent"),
    (_("Remboursements"), "refunded_cents", "euros"),
)


def _charts(lines: Sequence[Line]) -> list[dict[str, Any]]:
    drawn = []
    for title, name, write in CHARTS:
        rows = [
            (line.name, getattr(line.now.figures, name), getattr(line.before.figures, name))
            for line in lines
        ]
        if chart := bars(rows):
            drawn.append({"title": title, "chart": chart, "write": write})
    waste = [(line.name, line.now.waste.cents, line.before.waste.cents) for line in lines]
    if chart := bars(waste):
        drawn.append({"title": _("Pertes (coût HT)"), "chart": chart, "write": "euros"})
    return drawn


def _rows(line: Line, now: Period, before: Period) -> Iterator[list[str | int | None]]:
    for period, side in ((now, line.now), (before, line.before)):
        figures = side.figures
        average = figures.average_cents
        yield [
            line.name,
            f"{period.first:%d/%m/%Y}",
            f"{period.last:%d/%m/%Y}",
            side.days,
            figures.orders,
            decimal(figures.turnover_cents),
            None if average is None else decimal(average),
            figures.waited_minutes,
            figures.late,
            decimal(figures.refunded_cents),
            figures.cancelled,
            figures.not_delivered,
            decimal(side.waste.cents),
            *(side.waste.without_cost.get(unit, 0) for unit in Unit),
        ]

"""UC6.1: what a restaurant sold, by business day, as a page and for a spreadsheet."""

import re
from datetime import date, timedelta
from typing import Any

from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.domain.hours import business_day
from ocpizza.domain.sales import Figures
from ocpizza.i18n import _
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.sales.day import figures_of
from ocpizza.services.sales.month import Month, closed_day, left_open, month_of
from ocpizza.views.spreadsheet import decimal, spreadsheet

WEEK = timedelta(days=7)
MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
COLUMNS = (
    _("Jour"),
    _("Commandes"),
    _("Chiffre d’affaires TTC"),
    _("dont TVA"),
    _("Remboursé"),
    _("Panier moyen"),
    _("Annulées"),
    _("Non remises"),
    _("Attente moyenne (min)"),
)


@view_config(
    route_name="sales",
    request_method="GET",
    renderer="staff/sales.jinja2",
    permission=Permission.SALES,
)
def sales(context: Workplace, request: Request) -> Answer:
    today, own = business_day(request.now), context.restaurant_id
    month = _month(context, request)
    return {
        "month": month,
        "highest": max((day.turnover_cents for day in month.days.values()), default=0),
        "newer": month.after if month.after <= today else None,
        "left_open": left_open(request.db, own, today),
        "today": _today(request, own, today) if month.first == today.replace(day=1) else None,
    }


def _today(request: Request, own: int, today: date) -> dict[str, Any]:
    so_far, open_orders = figures_of(request.db, own, today)
    last_week = closed_day(request.db, own, today - WEEK)
    return {"so_far": so_far, "open_orders": open_orders, "last_week": last_week}


@view_config(route_name="sales_csv", request_method="GET", permission=Permission.SALES)
def download(context: Workplace, request: Request) -> Response:
    month = _month(context, request)
    rows = (_row(day, figures) for day, figures in month.days.items())
    name = f"chiffres-{context.restaurant.code}-{month.first:%Y-%m}"
    return spreadsheet(request, name, COLUMNS, rows)


def _month(context: Workplace, request: Request) -> Month:
    """Return the month that is asked for; this one where nobody can tell which that is."""
    asked = MONTH.fullmatch(request.GET.get("mois", ""))
    first = business_day(request.now).replace(day=1)
    if asked:
        first = date(int(asked[1]), int(asked[2]), 1)
    return month_of(request.db, context.restaurant_id, first)


def _row(day: date, figures: Figures) -> list[str | int | None]:
    return [
        f"{day:%d/%m/%Y}",
        figures.orders,
        decimal(figures.turnover_cents),
        decimal(figures.vat_cents),
        decimal(figures.refunded_cents),
        None if figures.average_cents is None else decimal(figures.average_cents),
        figures.cancelled,
        figures.not_delivered,
        figures.waited_minutes,
    ]

"""A manager says on which days their restaurant opens at other hours, or not at all."""

from datetime import date
from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.domain.hours import business_day
from ocpizza.forms.exceptional_days import ExceptionalDaysForm
from ocpizza.i18n import Shown, _
from ocpizza.moments import calendar_day
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.exceptional_days import (
    DaysGone,
    DaysTaken,
    TooManyDays,
    add_exceptional,
    list_exceptional,
    remove_exceptional,
)
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature

MANAGER = {"permission": Permission.RESTAURANT}
PAGE = {
    "route_name": "exceptional_days",
    "renderer": "staff/exceptional_days.jinja2",
    **MANAGER,
}


@view_config(**PAGE, request_method="GET")
def ask(context: Workplace, request: SignedInRequest) -> Answer:
    return _page(context, request, ExceptionalDaysForm(None, business_day(request.now)))


@view_config(**PAGE, request_method="POST")
def add(context: Workplace, request: SignedInRequest) -> Answer:
    today = business_day(request.now)
    form = ExceptionalDaysForm(request.POST, today)
    if not form.validate():
        return ask_again(request, _page(context, request, form))
    try:
        add_exceptional(request.db, context.restaurant_id, form.days, today, signature(request))
    except DaysTaken as taken:
        form.refuse(form.first_day, _taken(taken))
        return ask_again(request, _page(context, request, form))
    except TooManyDays:
        form.refuse(form.first_day, _("Trop de jours sont déjà prévus : retirez-en d’abord."))
        return ask_again(request, _page(context, request, form))
    say(request, _("C’est enregistré : la boutique en tient déjà compte."), "success")
    return go_to(request, "restaurant", code=context.restaurant.code)


@view_config(route_name="exceptional_days_remove", request_method="POST", **MANAGER)
def remove(context: Workplace, request: SignedInRequest) -> Answer:
    first, last = (_day(request.POST.get(name, "")) for name in ("first", "last"))
    try:
        if first is None or last is None:
            raise DaysGone
        remove_exceptional(request.db, context.restaurant_id, first, last, signature(request))
    except DaysGone:
        say(request, _("Ces jours ont déjà été retirés ou modifiés : relisez la liste."), "warning")
    else:
        say(request, _("C’est retiré : les horaires de la semaine s’appliquent."), "success")
    return go_to(request, "exceptional_days", code=context.restaurant.code)


def _page(
    context: Workplace, request: SignedInRequest, form: ExceptionalDaysForm
) -> dict[str, Any]:
    today = business_day(request.now)
    return {"form": form, "planned": list_exceptional(request.db, context.restaurant_id, today)}


def _taken(taken: DaysTaken) -> str:
    days = {"first": Shown(calendar_day, taken.first), "last": Shown(calendar_day, taken.last)}
    return _(
        "Des jours sont déjà prévus du ${first} au ${last} : retirez-les d’abord.", mapping=days
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None

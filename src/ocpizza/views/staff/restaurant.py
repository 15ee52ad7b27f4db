"""A restaurant's own page for its manager: what customers are told of it, and changing that."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.domain.hours import business_day
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.forms.alcohol import AlcoholForm
from ocpizza.forms.hours import HoursForm
from ocpizza.forms.restaurant import RestaurantForm
from ocpizza.i18n import _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.exceptional_days import list_exceptional
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.settings import (
    alcohol_facts,
    details_facts,
    hours_facts,
    set_alcohol,
    set_details,
    set_hours,
)
from ocpizza.services.order.boards import promised_times
from ocpizza.services.trail.record import Facts
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature
from ocpizza.views.staff.trail_words import FACTS, fact_value, newer_words

MANAGER = {"permission": Permission.RESTAURANT}
HOURS = {"route_name": "opening_hours", "renderer": "staff/opening_hours.jinja2", **MANAGER}
DETAILS = {
    "route_name": "restaurant_details",
    "renderer": "staff/restaurant_details.jinja2",
    **MANAGER,
}
ALCOHOL = {"route_name": "alcohol_sale", "renderer": "staff/alcohol_sale.jinja2", **MANAGER}
AnyForm = HoursForm | RestaurantForm | AlcoholForm
CHANGED = _(
    "Quelqu’un d’autre vient de modifier cette page. Vos saisies sont gardées : la version "
    "actuelle est indiquée là où elle en diffère. Enregistrez de nouveau pour la remplacer."
)


@view_config(
    route_name="restaurant", request_method="GET", renderer="staff/restaurant.jinja2", **MANAGER
)
def restaurant(context: Workplace, request: SignedInRequest) -> Answer:
    own = context.restaurant
    points = list_restaurants(request.db)
    point = next((each for each in points if each.id == own.id), None)
    return {
        "point": point,
        "planned": list_exceptional(request.db, own.id, business_day(request.now)),
        "hours": _told(request, hours_facts(own)),
        "details": _told(request, details_facts(own)),
        "alcohol": _told(request, alcohol_facts(own)),
        "stranded": _stranded(request, own.id, point),
    }


@view_config(**HOURS, request_method="GET")
def ask_hours(context: Workplace, request: SignedInRequest) -> Answer:
    facts = hours_facts(context.restaurant)
    return _page(HoursForm.of(facts, fingerprint(facts)))


@view_config(**HOURS, request_method="POST")
def write_hours(context: Workplace, request: SignedInRequest) -> Answer:
    form = HoursForm(request.POST)
    if not form.validate():
        return ask_again(request, _page(form))
    seen, own = form.seen.data or "", context.restaurant_id
    try:
        set_hours(request.db, own, seen, form.openings, signature(request))
    except StaleVersion:
        return _stale(request, form, hours_facts(context.restaurant))
    return _saved(
        context, request, _("Les horaires sont enregistrés : la boutique les applique déjà.")
    )


@view_config(**DETAILS, request_method="GET")
def ask_details(context: Workplace, request: SignedInRequest) -> Answer:
    facts = details_facts(context.restaurant)
    return _page(RestaurantForm(None, {**facts, "seen": fingerprint(facts)}))


@view_config(**DETAILS, request_method="POST")
def write_details(context: Workplace, request: SignedInRequest) -> Answer:
    form = RestaurantForm(request.POST)
    if not form.validate():
        return ask_again(request, _page(form))
    seen, own = form.seen.data or "", context.restaurant_id
    try:
        set_details(request.db, own, seen, form.facts, signature(request))
    except StaleVersion:
        return _stale(request, form, details_facts(context.restaurant))
    text = _(
        "La fiche est enregistrée : la boutique et les paniers en cours en tiennent déjà compte."
    )
    return _saved(context, request, text)


@view_config(**ALCOHOL, request_method="GET")
def ask_alcohol(context: Workplace, request: SignedInRequest) -> Answer:
    facts = alcohol_facts(context.restaurant)
    return _page(AlcoholForm(None, {**facts, "seen": fingerprint(facts)}))


@view_config(**ALCOHOL, request_method="POST")
def write_alcohol(context: Workplace, request: SignedInRequest) -> Answer:
    form = AlcoholForm(request.POST)
    if not form.validate():
        return ask_again(request, _page(form))
    seen, own = form.seen.data or "", context.restaurant_id
    try:
        set_alcohol(request.db, own, seen, form.facts, signature(request))
    except StaleVersion:
        return _stale(request, form, alcohol_facts(context.restaurant))
    text = _("La vente d’alcool est enregistrée : la boutique et la caisse l’appliquent déjà.")
    return _saved(context, request, text)


def _stranded(request: SignedInRequest, restaurant_id: int, point: PointOfSale | None) -> list[str]:
    """Return the numbers of orders under way that would not be taken by the hours as they are."""
    promised = promised_times(request.db, restaurant_id)
    if point is None:
        return [number for number, _ in promised]
    # What was ordered before closing is made after it, as every evening.
    ahead = timedelta(minutes=point.preparation_minutes + point.delivery_minutes)
    return [number for number, at in promised if not point.closes_at(at - ahead)]


def _told(request: SignedInRequest, facts: Facts) -> list[tuple[str, str]]:
    return [(FACTS[name], fact_value(request, name, value)) for name, value in facts.items()]


def _stale(request: SignedInRequest, form: AnyForm, now: Facts) -> dict[str, Any]:
    """Ask again, with what is so now beside what was typed; the next time it is meant."""
    form.form_errors = [CHANGED]
    form.seen.data = fingerprint(now)
    return ask_again(request, _page(form, newer_words(request, now, form.facts)))


def _page(form: AnyForm, newer: Mapping[str, str] | None = None) -> dict[str, Any]:
    return {"form": form, "newer": newer or {}, "titles": FACTS}


def _saved(context: Workplace, request: SignedInRequest, text: str) -> Answer:
    say(request, text, "success")
    return go_to(request, "restaurant", code=context.restaurant.code)

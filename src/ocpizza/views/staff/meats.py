"""Where meats come from: managers see it, say it of their supplier, the group's of all others."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden
from pyramid.view import view_config

from ocpizza.contexts import StaffIngredient, Workplace
from ocpizza.domain.meat import state_of, without_origin
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.meat import MeatsForm, OwnMeatsForm
from ocpizza.i18n import _
from ocpizza.i18n.catalogues import LOCALES
from ocpizza.meat_words import countries
from ocpizza.rendering import name_order, written_in
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.ingredients import all_ingredients
from ocpizza.services.catalogue.meats import (
    ingredients_of_own,
    meats_here,
    own_meats,
    set_meats,
    set_own_meats,
    usual_meats,
)
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature

MANAGER = {"permission": Permission.PRODUCTS}
USUAL = {"route_name": "meat", "renderer": "staff/meat.jinja2", **MANAGER}
OWN = {"route_name": "meat_here", "renderer": "staff/meat_here.jinja2", **MANAGER}
CHANGED = _(
    "L’origine a été modifiée entre-temps par quelqu’un d’autre. Vérifiez puis enregistrez de "
    "nouveau pour la remplacer."
)


@view_config(route_name="meats", renderer="staff/meats.jinja2", **MANAGER)
def meats(context: Workplace, request: SignedInRequest) -> Answer:
    known = meats_here(request.db, context.restaurant_id)
    active = [one for one in all_ingredients(request.db) if one.active]
    by_name = sorted(active, key=lambda one: name_order(one, request.locale_name))
    return {
        "with_meat": [(one, known[one.id]) for one in by_name if one.id in known],
        "others": [one for one in by_name if one.id not in known],
        "own": ingredients_of_own(request.db, context.restaurant_id),
        "unknown": without_origin(known),
        "may_change": request.signed_in.restaurant_id is None,
    }


@view_config(**USUAL, request_method="GET")
def ask(context: StaffIngredient, request: SignedInRequest) -> Answer:
    _check_group(request)
    shown = usual_meats(request.db, context.ingredient.id)
    return _page(context, request, MeatsForm(None, shown, request.locale_name))


@view_config(**USUAL, request_method="POST")
def change(context: StaffIngredient, request: SignedInRequest) -> Answer:
    _check_group(request)
    ingredient, signed = context.ingredient, signature(request)
    shown = usual_meats(request.db, ingredient.id)
    form = MeatsForm(request.POST, shown, request.locale_name)
    if not form.validate():
        return ask_again(request, _page(context, request, form))
    try:
        set_meats(request.db, ingredient.id, form.meats, form.seen.data or "", signed)
    except StaleVersion:
        form.form_errors = [CHANGED]
        form.seen.data = state_of(usual_meats(request.db, ingredient.id))
        return ask_again(request, _page(context, request, form))
    return _saved(context, request)


@view_config(**OWN, request_method="GET")
def ask_here(context: StaffIngredient, request: SignedInRequest) -> Answer:
    return _page(context, request, _own_form(context, request, None))


@view_config(**OWN, request_method="POST")
def change_here(context: StaffIngredient, request: SignedInRequest) -> Answer:
    ingredient, here = context.ingredient, context.restaurant_id
    form, signed = _own_form(context, request, request.POST), signature(request)
    if not form.validate():
        return ask_again(request, _page(context, request, form))
    try:
        set_own_meats(request.db, ingredient.id, here, form.meats, form.seen.data or "", signed)
    except StaleVersion:
        form.form_errors = [CHANGED]
        form.seen.data = state_of(own_meats(request.db, ingredient.id, here) or ())
        return ask_again(request, _page(context, request, form))
    return _saved(context, request)


def _own_form(context: StaffIngredient, request: SignedInRequest, posted: Any) -> OwnMeatsForm:
    usual = usual_meats(request.db, context.ingredient.id)
    own = own_meats(request.db, context.ingredient.id, context.restaurant_id)
    return OwnMeatsForm(posted, usual, own, request.locale_name)


def _page(context: StaffIngredient, request: SignedInRequest, form: Any) -> dict[str, Any]:
    return {
        "ingredient": context.ingredient,
        "form": form,
        "may_change": request.signed_in.restaurant_id is None,
        "countries": countries(LOCALES[request.locale_name]).values(),
    }


def _saved(context: StaffIngredient, request: SignedInRequest) -> Answer:
    name = written_in(request.locale_name, context.ingredient, "name")
    say(request, _("L’origine est enregistrée : ${name}.", mapping={"name": name}), "success")
    return go_to(request, "meats", code=context.restaurant.code)


def _check_group(request: SignedInRequest) -> None:
    """All restaurants share it."""
    if request.signed_in.restaurant_id is not None:
        raise HTTPForbidden

"""UC3.2: managers list, write, switch and delete promotions."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.view import view_config

from ocpizza.amounts import weekday_names
from ocpizza.contexts import StaffPromotion, Workplace
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.base import FormData
from ocpizza.forms.promotion import PromotionForm
from ocpizza.i18n import _
from ocpizza.i18n.catalogues import LOCALES
from ocpizza.models.promotion import Promotion
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.promotion.edit import (
    CodeTaken,
    Draft,
    LimitPassed,
    NotManaged,
    PromotionUsed,
    create_promotion,
    delete_promotion,
    edit_promotion,
    is_used,
    switch_promotion,
)
from ocpizza.services.promotion.queries import all_restaurants, list_promotions, list_sizes
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import managed_restaurant, signature

MANAGER = {"permission": Permission.PROMOTIONS}
PAGE = {"renderer": "staff/promotion.jinja2", **MANAGER}
CHANGED = _(
    "Cette promotion a été modifiée entre-temps par quelqu’un d’autre. Vos saisies sont gardées : "
    "comparez-les à la version actuelle, puis enregistrez de nouveau pour la remplacer."
)
SAVED = _("La promotion ${code} est enregistrée.")
NEW = {"listed": True, "active": True, "kind": "percentage"}


@view_config(route_name="promotions", renderer="staff/promotions.jinja2", **MANAGER)
def promotions(request: SignedInRequest) -> Answer:
    found = list_promotions(request.db, request.signed_in.restaurant_id)
    return {"promotions": found}


@view_config(route_name="promotion_new", request_method="GET", **PAGE)
def ask_new(context: Workplace, request: SignedInRequest) -> Answer:
    return _page(request, _form(request, None, NEW))


@view_config(route_name="promotion_new", request_method="POST", **PAGE)
def create(context: Workplace, request: SignedInRequest) -> Answer:
    form = _form(request, request.POST)
    if not form.validate():
        return _again(request, form)
    try:
        promotion = create_promotion(request.db, _draft(request, form), signature(request))
    except CodeTaken:
        return _taken(request, form)
    return _saved(context, request, promotion.code)


@view_config(route_name="promotion_edit", request_method="GET", **PAGE)
def ask_changes(context: StaffPromotion, request: SignedInRequest) -> Answer:
    _check_managed(context, request)
    promotion = context.promotion
    return _page(request, _form(request, None, _known(promotion)), promotion)


@view_config(route_name="promotion_edit", request_method="POST", **PAGE)
def edit(context: StaffPromotion, request: SignedInRequest) -> Answer:
    _check_managed(context, request)
    form, promotion = _form(request, request.POST), context.promotion
    if not form.validate():
        return _again(request, form, promotion)
    draft = _draft(request, form)
    try:
        version = form.version.data or 0
        manager_of, signed = managed_restaurant(request), signature(request)
        edit_promotion(request.db, promotion.id, version, draft, manager_of, signed)
    except NotManaged:
        raise HTTPForbidden from None
    except StaleVersion:
        form.form_errors = [CHANGED]
        form.version.data = promotion.version
        return _again(request, form, promotion)
    except CodeTaken:
        return _taken(request, form, promotion)
    except PromotionUsed:
        text = _("Des commandes portent déjà ce code : il ne change plus. Créez une promotion.")
        form.refuse(form.code, text)
        return _again(request, form, promotion)
    except LimitPassed:
        used = {"used": promotion.times_used}
        form.refuse(form.total_limit, _("Elle a déjà servi ${used} fois.", mapping=used))
        return _again(request, form, promotion)
    return _saved(context, request, draft.values["code"])


@view_config(route_name="promotion_switch", request_method="POST", **MANAGER)
def switch(context: StaffPromotion, request: SignedInRequest) -> Answer:
    active, code = "activer" in request.POST, context.promotion.code
    version, manager_of = _version(request), managed_restaurant(request)
    try:
        own, signed = context.promotion.id, signature(request)
        switch_promotion(request.db, own, version, active, manager_of, signed)
    except NotManaged:
        raise HTTPForbidden from None
    except StaleVersion:
        text = _("La promotion ${code} a été modifiée entre-temps : relisez-la.")
        say(request, _(str(text), mapping={"code": code}), "error")
    else:
        text = _("La promotion ${code} est active.") if active else _("${code} est désactivée.")
        say(request, _(str(text), mapping={"code": code}), "success")
    return go_to(request, "promotions", code=context.restaurant.code)


@view_config(route_name="promotion_delete", request_method="POST", **MANAGER)
def delete(context: StaffPromotion, request: SignedInRequest) -> Answer:
    mapping = {"code": context.promotion.code}
    try:
        manager_of, signed = managed_restaurant(request), signature(request)
        delete_promotion(request.db, context.promotion.id, manager_of, signed)
    except NotManaged:
        raise HTTPForbidden from None
    except PromotionUsed:
        text = _("La promotion ${code} a servi : désactivez-la, elle ne peut être supprimée.")
        say(request, _(str(text), mapping=mapping), "error")
    else:
        say(request, _("La promotion ${code} est supprimée.", mapping=mapping), "success")
    return go_to(request, "promotions", code=context.restaurant.code)


def _check_managed(context: StaffPromotion, request: SignedInRequest) -> None:
    if not context.managed_by(request.signed_in):
        raise HTTPForbidden


def _version(request: SignedInRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _form(
    request: SignedInRequest, posted: FormData | None, data: dict[str, Any] | None = None
) -> PromotionForm:
    return PromotionForm(posted, list_sizes(request.db), all_restaurants(request.db), data)


def _draft(request: SignedInRequest, form: PromotionForm) -> Draft:
    """Return what was typed; a restaurant's manager writes for their restaurant."""
    own = managed_restaurant(request)
    return Draft(form.values(), (form.restaurants.data or []) if own is None else [own])


def _known(promotion: Promotion) -> dict[str, Any]:
    columns = {column.key: getattr(promotion, column.key) for column in Promotion.__table__.columns}
    mask = promotion.weekday_mask
    days = [day for day in range(7) if mask >> day & 1 and mask != 127]
    places = [place.restaurant_id for place in promotion.restaurants]
    return columns | {"kind": str(promotion.kind), "weekdays": days, "restaurants": places}


def _page(
    request: SignedInRequest, form: PromotionForm, promotion: Promotion | None = None
) -> dict[str, Any]:
    locale = LOCALES[request.locale_name]
    return {
        "form": form,
        "promotion": promotion,
        "used": promotion is not None and is_used(request.db, promotion.id),
        "places": form.places,
        "days": [(day, weekday_names([day], locale)) for day in range(7)],
    }


def _again(
    request: SignedInRequest, form: PromotionForm, promotion: Promotion | None = None
) -> dict[str, Any]:
    return ask_again(request, _page(request, form, promotion))


def _taken(
    request: SignedInRequest, form: PromotionForm, promotion: Promotion | None = None
) -> dict[str, Any]:
    form.refuse(form.code, _("Une autre promotion porte déjà ce code."))
    return _again(request, form, promotion)


def _saved(context: Workplace, request: SignedInRequest, code: str) -> HTTPSeeOther:
    say(request, _(str(SAVED), mapping={"code": code}), "success")
    return go_to(request, "promotions", code=context.restaurant.code)

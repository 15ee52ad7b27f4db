"""Prices of a product: the group's, a restaurant's own, those to come."""

from collections.abc import Mapping
from typing import Any

from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.view import view_config

from ocpizza.contexts import StaffProduct
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.price import GROUP, HERE, PriceForm
from ocpizza.i18n import _
from ocpizza.models.product import ProductSize
from ocpizza.rendering import written_in
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.managing import NotManaged
from ocpizza.services.catalogue.prices import (
    AlreadyPlanned,
    ChangeGone,
    NewPrice,
    Prices,
    call_off,
    drop_own_price,
    prices_of,
    set_price,
)
from ocpizza.views.answers import ask_again, chosen_row, go_to, say
from ocpizza.views.staff.actor import managed_restaurant, signature

MANAGER = {"permission": Permission.PRODUCTS}
PRICES = {"route_name": "product_prices", "renderer": "staff/product_prices.jinja2", **MANAGER}
CHANGED = _(
    "Ce prix a été modifié entre-temps par quelqu’un d’autre : le prix actuel est affiché. "
    "Enregistrez de nouveau pour le remplacer."
)
GONE = _("Ce changement de prix a déjà eu lieu ou a été annulé.")
STALE = _("Ce prix a été modifié entre-temps : relisez-le.")


@view_config(**PRICES, request_method="GET")
def ask(context: StaffProduct, request: SignedInRequest) -> Answer:
    return _page(context, request, _form(context, request))


@view_config(**PRICES, request_method="POST")
def change(context: StaffProduct, request: SignedInRequest) -> Answer:
    form = _form(context, request, posted=True)
    if not form.validate():
        return ask_again(request, _page(context, request, form))
    place = context.restaurant_id if form.place.data == HERE else None
    new = NewPrice(form.size_id.data, form.price_cents.data or 0, place, form.starts_at)
    shown, manager_of = _shown(request, place).get(new.size_id), managed_restaurant(request)
    try:
        set_price(request.db, context.product, new, shown, manager_of, signature(request))
    except NotManaged:
        raise HTTPForbidden from None
    except StaleVersion:
        form.form_errors = [CHANGED]
        return ask_again(request, _page(context, request, form))
    except AlreadyPlanned:
        text = _("Un prix est déjà prévu ce jour-là : annulez-le d’abord.")
        form.refuse(form.starts_on, text)
        return ask_again(request, _page(context, request, form))
    now = new.starts_at <= request.now
    text = _("Le prix est enregistré.") if now else _("Le changement de prix est prévu.")
    say(request, text, "success")
    return _back(context, request)


@view_config(route_name="product_price_drop", request_method="POST", **MANAGER)
def drop(context: StaffProduct, request: SignedInRequest) -> Answer:
    place, size = context.restaurant_id, chosen_row(request, "size")
    if size not in {each.id for each in context.product.sizes}:
        return _back(context, request)
    shown = _cents(request.POST.get("shown", ""))
    try:
        drop_own_price(request.db, context.product, size, place, shown, signature(request))
    except StaleVersion:
        say(request, STALE, "error")
    else:
        say(request, _("Le prix du groupe s’applique de nouveau ici."), "success")
    return _back(context, request)


@view_config(route_name="product_price_call_off", request_method="POST", **MANAGER)
def stop(context: StaffProduct, request: SignedInRequest) -> Answer:
    place, chosen = context.restaurant_id, chosen_row(request, "change")
    manager_of, signed = managed_restaurant(request), signature(request)
    try:
        call_off(request.db, context.product, chosen, place, manager_of, signed)
    except NotManaged:
        raise HTTPForbidden from None
    except ChangeGone:
        say(request, GONE, "error")
    else:
        say(request, _("Le changement de prix est annulé."), "success")
    return _back(context, request)


def _page(context: StaffProduct, request: SignedInRequest, form: PriceForm) -> dict[str, Any]:
    manager_of = managed_restaurant(request)
    prices = prices_of(request.db, context.product, context.restaurant_id, manager_of)
    return {
        "form": form,
        "product": context.product,
        "prices": prices,
        "sizes": _sizes(context),
        "names": {size.id: size for size in context.product.sizes},
        "hidden": _hidden(context, prices),
        "manages_group": manager_of is None,
    }


def _hidden(context: StaffProduct, prices: Prices) -> dict[str, int | None]:
    """Return what the page shows that each size costs, for whoever changes it."""
    shown: dict[str, int | None] = {}
    for size in _sizes(context):
        shown[f"{GROUP}_{size.id}"] = size.price_cents
        shown[f"{HERE}_{size.id}"] = prices.own.get(size.id)
    return shown


def _shown(request: SignedInRequest, place: int | None) -> Mapping[int, int | None]:
    """Return what the page has shown, by size."""
    head = f"{GROUP if place is None else HERE}_"
    named = (each for each in request.POST.items() if each[0].startswith(head))
    sizes = ((_cents(name.removeprefix(head)), _cents(value)) for name, value in named)
    return {size: cents for size, cents in sizes if size is not None}


def _cents(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _form(context: StaffProduct, request: SignedInRequest, *, posted: bool = False) -> PriceForm:
    sizes = [(size.id, written_in(request.locale_name, size, "name")) for size in _sizes(context)]
    here = (HERE, _("Ce restaurant seulement"))
    everywhere = (GROUP, _("Le groupe : partout où il n’y a pas de prix propre"))
    places = [everywhere, here] if managed_restaurant(request) is None else [here]
    first = {"place": places[0][0], "size_id": sizes[0][0] if sizes else None}
    return PriceForm(request.POST if posted else None, sizes, places, request.now, first)


def _sizes(context: StaffProduct) -> list[ProductSize]:
    return [size for size in context.product.sizes if size.active]


def _back(context: StaffProduct, request: SignedInRequest) -> HTTPSeeOther:
    code, slug = context.restaurant.code, context.product.slug
    return go_to(request, "product_prices", code=code, product=slug)

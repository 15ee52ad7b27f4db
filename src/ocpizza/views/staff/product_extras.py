"""UC6.3: what may be added to a product, changed once its effect was seen."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden
from pyramid.view import view_config

from ocpizza.contexts import StaffProduct
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.forms.extras import ExtrasForm
from ocpizza.i18n import _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.extras import change_extras, effect_of, extras_of, facts
from ocpizza.services.catalogue.ingredients import all_ingredients
from ocpizza.services.catalogue.managing import NotManaged, whole_product
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import managed_restaurant, signature
from ocpizza.views.staff.products import check_may_change
from ocpizza.views.staff.trail_words import differences_in_words

EXTRAS = {
    "route_name": "product_extras",
    "renderer": "staff/product_extras.jinja2",
    "permission": Permission.PRODUCTS,
}
CHANGED = _(
    "Ce produit a été modifié entre-temps par quelqu’un d’autre. Vos saisies sont gardées : "
    "comparez-les à la version actuelle, puis enregistrez de nouveau pour la remplacer."
)


@view_config(**EXTRAS, request_method="GET")
def ask(context: StaffProduct, request: SignedInRequest) -> Answer:
    check_may_change(context, request)
    product = whole_product(request.db, context.product.id)
    known = all_ingredients(request.db)
    return _page(context, ExtrasForm.of(extras_of(product), product.version, known))


@view_config(**EXTRAS, request_method="POST")
def change(context: StaffProduct, request: SignedInRequest) -> Answer:
    check_may_change(context, request)
    form = ExtrasForm(request.POST, all_ingredients(request.db))
    if not form.validate():
        return ask_again(request, _page(context, form))
    seen = form.seen.data == _fingerprint(form)
    if "enregistrer" not in request.POST or not seen:
        return _with_effect(context, request, form)
    signed, manager_of = signature(request), managed_restaurant(request)
    version, id = form.version.data or 0, context.product.id
    try:
        change_extras(request.db, id, version, form.extras, manager_of, signed)
    except NotManaged:
        raise HTTPForbidden from None
    except StaleVersion:
        return _stale(context, request, form)
    say(request, _("Les suppléments ont été modifiés."), "success")
    code, slug = context.restaurant.code, context.product.slug
    return go_to(request, "staff_product", code=code, product=slug)


def _with_effect(
    context: StaffProduct, request: SignedInRequest, form: ExtrasForm
) -> dict[str, Any]:
    product = whole_product(request.db, context.product.id)
    form.seen.data = _fingerprint(form)
    effect = effect_of(request.db, product, form.extras, managed_restaurant(request))
    return _page(context, form) | {"effect": effect}


def _stale(context: StaffProduct, request: SignedInRequest, form: ExtrasForm) -> Answer:
    """Say what is there now beside what was written; saving again writes over it."""
    product = whole_product(request.db, context.product.id)
    form.form_errors = [CHANGED]
    form.version.data = product.version
    now, written = facts(request.db, extras_of(product)), facts(request.db, form.extras)
    page = _with_effect(context, request, form)
    return ask_again(request, page | {"differences": differences_in_words(request, now, written)})


def _page(context: StaffProduct, form: ExtrasForm) -> dict[str, Any]:
    return {"form": form, "product": context.product, "effect": None, "differences": []}


def _fingerprint(form: ExtrasForm) -> str:
    return fingerprint({"extras": form.extras})

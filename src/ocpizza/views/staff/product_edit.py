"""Products and their sizes: added, changed, sold or not."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden
from pyramid.view import view_config

from ocpizza.contexts import StaffProduct, Workplace
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.product import ProductForm
from ocpizza.i18n import _
from ocpizza.models.product import Kind, Product
from ocpizza.models.vat import VatClass
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.managing import (
    NotManaged,
    sellers_of,
    whole_product,
)
from ocpizza.services.catalogue.product_edit import (
    ProductDraft,
    UnknownSize,
    add_product,
    draft_facts,
    edit_product,
    facts,
    sellers_fingerprint,
)
from ocpizza.services.promotion.queries import all_restaurants
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import managed_restaurant, signature
from ocpizza.views.staff.products import check_may_change
from ocpizza.views.staff.trail_words import differences_in_words

PAGE = {"renderer": "staff/product_edit.jinja2", "permission": Permission.PRODUCTS}
CHANGED = _(
    "Ce produit a été modifié entre-temps par quelqu’un d’autre. Vos saisies sont gardées : "
    "comparez-les à la version actuelle, puis enregistrez de nouveau pour la remplacer."
)
STRANGE = _("Une de ces tailles est d’un autre produit : rouvrez la page.")
NEW = {
    "kind": str(Kind.PIZZA),
    "vat_class": str(VatClass.PREPARED_FOOD),
    "size_0": {"factor_percent": 100},
}


@view_config(route_name="product_new", request_method="GET", **PAGE)
def ask_new(context: Workplace, request: SignedInRequest) -> Answer:
    return _page(_form(request, None, NEW | {"restaurants": [context.restaurant_id]}))


@view_config(route_name="product_new", request_method="POST", **PAGE)
def add(context: Workplace, request: SignedInRequest) -> Answer:
    form = _form(request, request.POST)
    if not form.validate():
        return ask_again(request, _page(form))
    try:
        product = add_product(
            request.db, _draft(request, form), managed_restaurant(request), signature(request)
        )
    except UnknownSize:
        form.form_errors = [STRANGE]
        return ask_again(request, _page(form))
    text = _("${name} est ajouté : écrivez maintenant sa recette.", mapping={"name": product.name})
    say(request, text, "success")
    return go_to(request, "product_recipe", code=context.restaurant.code, product=product.slug)


@view_config(route_name="product_edit", request_method="GET", **PAGE)
def ask_changes(context: StaffProduct, request: SignedInRequest) -> Answer:
    check_may_change(context, request)
    product = whole_product(request.db, context.product.id)
    known = {column: str(getattr(product, column)) for column in ("kind", "vat_class")}
    known |= {
        column: getattr(product, column)
        for column in ("name", "description", "description_en", "available", "version")
    }
    sellers = {
        "restaurants": sellers_of(request.db, product.id),
        "sellers_seen": sellers_fingerprint(request.db, product.id),
    }
    return _page(
        _form(request, None, known | sellers | ProductForm.size_data(product.sizes)), product
    )


@view_config(route_name="product_edit", request_method="POST", **PAGE)
def change(context: StaffProduct, request: SignedInRequest) -> Answer:
    check_may_change(context, request)
    form, id = _form(request, request.POST), context.product.id
    if not form.validate():
        return ask_again(request, _page(form, context.product))
    draft, manager_of = _draft(request, form), managed_restaurant(request)
    version = form.version.data or 0
    try:
        product = edit_product(request.db, id, version, draft, manager_of, signature(request))
    except NotManaged:
        raise HTTPForbidden from None
    except UnknownSize:
        form.form_errors = [STRANGE]
        return ask_again(request, _page(form, context.product))
    except StaleVersion:
        return _stale(context, request, form)
    say(request, _("${name} est enregistré.", mapping={"name": product.name}), "success")
    return go_to(request, "staff_product", code=context.restaurant.code, product=product.slug)


def _stale(context: StaffProduct, request: SignedInRequest, form: ProductForm) -> Answer:
    """Say what is there now beside what was written; saving again writes over it."""
    product = whole_product(request.db, context.product.id)
    form.form_errors = [CHANGED]
    form.version.data = product.version
    form.sellers_seen.data = sellers_fingerprint(request.db, product.id)
    now, typed = facts(request.db, product), draft_facts(request.db, _draft(request, form))
    page = _page(form, product) | {"differences": differences_in_words(request, now, typed)}
    return ask_again(request, page)


def _page(form: ProductForm, product: Product | None = None) -> dict[str, Any]:
    return {"form": form, "product": product, "differences": []}


def _form(request: SignedInRequest, posted: Any, data: dict[str, Any] | None = None) -> ProductForm:
    """Return the form; where it is sold is the group's to say."""
    places = all_restaurants(request.db) if managed_restaurant(request) is None else []
    return ProductForm(posted, places, data)


def _draft(request: SignedInRequest, form: ProductForm) -> ProductDraft:
    sold_at = form.restaurants.data or [] if managed_restaurant(request) is None else None
    return ProductDraft(form.values(), form.sizes(), sold_at, form.sellers_seen.data or "")

"""UC6.3: the recipe of a product, changed once its effect was seen."""

from typing import Any

from pyramid.httpexceptions import HTTPForbidden
from pyramid.view import view_config

from ocpizza.contexts import StaffProduct
from ocpizza.domain.recipe import Recipe
from ocpizza.domain.stale_version import StaleVersion, fingerprint
from ocpizza.forms.recipe import RecipeForm
from ocpizza.i18n import _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.ingredients import all_ingredients
from ocpizza.services.catalogue.managing import NotManaged, whole_product
from ocpizza.services.catalogue.recipe import change_recipe, facts, recipe_of
from ocpizza.services.catalogue.recipe_effect import effect_of
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import managed_restaurant, signature
from ocpizza.views.staff.products import check_may_change
from ocpizza.views.staff.trail_words import differences_in_words

RECIPE = {
    "route_name": "product_recipe",
    "renderer": "staff/product_recipe.jinja2",
    "permission": Permission.PRODUCTS,
}
CHANGED = _(
    "Cette recette a été modifiée entre-temps par quelqu’un d’autre. Vos saisies sont gardées : "
    "comparez-les à la version actuelle, puis enregistrez de nouveau pour la remplacer."
)


@view_config(**RECIPE, request_method="GET")
def ask(context: StaffProduct, request: SignedInRequest) -> Answer:
    check_may_change(context, request)
    product = whole_product(request.db, context.product.id)
    known = all_ingredients(request.db)
    return _page(context, RecipeForm.of(recipe_of(product), product.version, known))


@view_config(**RECIPE, request_method="POST")
def change(context: StaffProduct, request: SignedInRequest) -> Answer:
    check_may_change(context, request)
    form = RecipeForm(request.POST, all_ingredients(request.db))
    if not form.validate():
        return ask_again(request, _page(context, form))
    seen = form.seen.data == _fingerprint(form.recipe)
    if "enregistrer" not in request.POST or not seen:
        return _with_effect(context, request, form)
    signed, manager_of = signature(request), managed_restaurant(request)
    version, id = form.version.data or 0, context.product.id
    try:
        change_recipe(request.db, id, version, form.recipe, manager_of, signed)
    except NotManaged:
        raise HTTPForbidden from None
    except StaleVersion:
        return _stale(context, request, form)
    say(request, _("La recette a été modifiée"), "success")
    code, slug = context.restaurant.code, context.product.slug
    return go_to(request, "staff_product", code=code, product=slug)


def _with_effect(
    context: StaffProduct, request: SignedInRequest, form: RecipeForm
) -> dict[str, Any]:
    product = whole_product(request.db, context.product.id)
    form.seen.data = _fingerprint(form.recipe)
    effect = effect_of(request.db, product, form.recipe, managed_restaurant(request))
    return _page(context, form) | {"effect": effect}


def _stale(context: StaffProduct, request: SignedInRequest, form: RecipeForm) -> Answer:
    """Say what is there now beside what was written; saving again writes over it."""
    product = whole_product(request.db, context.product.id)
    form.form_errors = [CHANGED]
    form.version.data = product.version
    now, written = facts(request.db, recipe_of(product)), facts(request.db, form.recipe)
    page = _with_effect(context, request, form)
    return ask_again(request, page | {"differences": differences_in_words(request, now, written)})


def _page(context: StaffProduct, form: RecipeForm) -> dict[str, Any]:
    return {"form": form, "product": context.product, "effect": None, "differences": []}


def _fingerprint(recipe: Recipe) -> str:
    return fingerprint({"recipe": recipe})

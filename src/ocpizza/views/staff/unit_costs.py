"""What ingredients are bought for and whom they suit: managers see it, the group's write it."""

from pyramid.httpexceptions import HTTPForbidden
from pyramid.view import view_config

from ocpizza.contexts import StaffIngredient, Workplace
from ocpizza.domain.stale_version import StaleVersion
from ocpizza.forms.ingredient import IngredientForm
from ocpizza.i18n import _
from ocpizza.rendering import written_in
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.ingredients import all_ingredients, change_ingredient
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.staff.actor import signature

MANAGER = {"permission": Permission.PRODUCTS}
COST = {"route_name": "unit_cost", "renderer": "staff/unit_cost.jinja2", **MANAGER}
CHANGED = _(
    "Cet ingrédient a été modifié entre-temps par quelqu’un d’autre. Enregistrez de nouveau pour "
    "remplacer ce qui y est maintenant."
)


@view_config(route_name="unit_costs", renderer="staff/unit_costs.jinja2", **MANAGER)
def unit_costs(context: Workplace, request: SignedInRequest) -> Answer:
    return {
        "ingredients": [one for one in all_ingredients(request.db) if one.active],
        "may_change": request.signed_in.restaurant_id is None,
    }


@view_config(**COST, request_method="GET")
def ask(context: StaffIngredient, request: SignedInRequest) -> Answer:
    _check_group(request)
    return {"ingredient": context.ingredient, "form": IngredientForm.of(context.ingredient)}


@view_config(**COST, request_method="POST")
def change(context: StaffIngredient, request: SignedInRequest) -> Answer:
    _check_group(request)
    ingredient = context.ingredient
    form = IngredientForm(request.POST, ingredient)
    if not form.validate():
        return ask_again(request, {"ingredient": ingredient, "form": form})
    signed, version = signature(request), form.version.data or 0
    try:
        change_ingredient(request.db, ingredient.id, form.values, version, signed)
    except StaleVersion:
        form.form_errors = [CHANGED]
        form.version.data = ingredient.version
        return ask_again(request, {"ingredient": ingredient, "form": form})
    name = written_in(request.locale_name, ingredient, "name")
    say(request, _("Ingrédient enregistré : ${name}.", mapping={"name": name}), "success")
    return go_to(request, "unit_costs", code=context.restaurant.code)


def _check_group(request: SignedInRequest) -> None:
    """All restaurants share it."""
    if request.signed_in.restaurant_id is not None:
        raise HTTPForbidden

"""UC4.4, D1: what can still be made, and how."""

import re

from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config

from ocpizza.contexts import Workplace
from ocpizza.models.product import Kind
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.menu import read_menu


@view_config(
    route_name="feasible",
    renderer="staff/feasible.jinja2",
    permission=Permission.FEASIBLE_PIZZAS,
)
def feasible(context: Workplace, request: Request) -> Answer:
    menu = read_menu(request.db, context.restaurant_id)
    return {"menu": menu, "pizzas": sorted(menu.of_kind(Kind.PIZZA), key=menu.left)}


@view_config(route_name="recipes", renderer="staff/recipes.jinja2", permission=Permission.RECIPES)
def recipes(context: Workplace, request: Request) -> Answer:
    menu = read_menu(request.db, context.restaurant_id)
    return {"products": [product for product in menu.products if product.kind is not Kind.DRINK]}


@view_config(route_name="recipe", renderer="staff/recipe.jinja2", permission=Permission.RECIPES)
def recipe(context: Workplace, request: Request) -> Answer:
    menu = read_menu(request.db, context.restaurant_id)
    product = menu.assortment.by_slug.get(request.matchdict["product"])
    if product is None:
        raise HTTPNotFound
    asked = request.GET.get("taille")
    size = next((size for size in product.sizes if size.code == asked), product.default_size)
    return {
        "product": product,
        "size": size,
        "steps": _steps(product.recipe),
        "from_order": "commande" in request.GET,
    }


def _steps(recipe: str) -> list[str]:
    """Return the steps of a recipe without their numbers: the page has its own."""
    return [re.sub(r"^\d+\.\s*", "", line) for line in recipe.strip().splitlines()]

"""UC4.4, D1, D2: what can still be made, how, and from what."""

import re

from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from ocpizza.models.product import Kind
from ocpizza.models.stock import Stock
from ocpizza.rendering import name_order
from ocpizza.request import Answer, Request
from ocpizza.resources import Workplace
from ocpizza.security.permissions import Permission
from ocpizza.services.read_menu import read_menu


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
    """The steps of a recipe without their numbers: the page has its own."""
    return [re.sub(r"^\d+\.\s*", "", line) for line in recipe.strip().splitlines()]


@view_config(route_name="stock", renderer="staff/stock.jinja2", permission=Permission.STOCK)
def stock(context: Workplace, request: Request) -> Answer:
    query = (
        select(Stock)
        .join(Stock.ingredient)
        .options(contains_eager(Stock.ingredient))
        .where(Stock.restaurant_id == context.restaurant_id)
    )
    language = request.locale_name
    stocks = request.db.scalars(query).all()
    return {"stocks": sorted(stocks, key=lambda stock: name_order(stock.ingredient, language))}

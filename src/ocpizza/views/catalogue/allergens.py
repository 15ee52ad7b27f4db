"""The fourteen allergens of regulation (EU) 1169/2011 in all that a restaurant sells, computed.

And where its meats come from.
"""

from typing import Any

from pyramid.view import view_config

from ocpizza.domain.meat import MeatOrigin
from ocpizza.domain.menu import Menu, MenuIngredient
from ocpizza.i18n import _
from ocpizza.labels import label
from ocpizza.models.ingredient import Allergen
from ocpizza.models.product import Kind
from ocpizza.rendering import name_order
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.storefront import Storefront


@view_config(
    route_name="allergens_anywhere",
    renderer="catalogue/allergens_anywhere.jinja2",
    permission=Permission.SHOP,
    shared=True,
)
def choose_restaurant(request: Request) -> Answer:
    return {"points": list_restaurants(request.db)}


@view_config(
    route_name="allergens",
    renderer="catalogue/allergens.jinja2",
    permission=Permission.SHOP,
    shared=True,
)
def allergens(context: Storefront, request: Request) -> Answer:
    return {
        "point": context.point,
        "allergens": list(Allergen),
        "tables": _tables(context.menu, request.locale_name),
        "meats": _meats(context.menu, request.locale_name),
    }


def _meats(menu: Menu, language: str) -> list[tuple[str, list[tuple[Any, MeatOrigin]]]]:
    """Return (title, rows) of the meats that are bought raw, then of those bought prepared."""
    used: dict[int, MenuIngredient] = {}
    for product in menu.products:
        used |= {one.ingredient.id: one.ingredient for one in product.composition}
        used |= {one.ingredient.id: one.ingredient for one in product.extras}
    by_name = sorted(used.values(), key=lambda one: name_order(one, language))
    rows = [(one, each) for one in by_name for each in one.meats]
    titles = (False, _("Viandes achetées crues")), (True, _("Viandes préparées et charcuterie"))
    found = [(title, [row for row in rows if row[1].prepared is kind]) for kind, title in titles]
    return [(title, rows) for title, rows in found if rows]


def _tables(menu: Menu, language: str) -> list[tuple[str, list[Any]]]:
    """Return (title, rows) of each shelf that holds something, then of what may be added."""
    found: list[tuple[str, list[Any]]] = [(label(kind), menu.of_kind(kind)) for kind in Kind]
    extras = {extra.ingredient for product in menu.products for extra in product.extras}
    by_name = sorted(extras, key=lambda one: name_order(one, language))
    found.append((_("Ingrédients à ajouter"), by_name))
    return [(title, rows) for title, rows in found if rows]

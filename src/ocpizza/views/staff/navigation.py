"""The staff's tabs: the pages of a restaurant that somebody may open."""

from typing import TYPE_CHECKING, NamedTuple

from ocpizza.i18n import _
from ocpizza.security.permissions import Permission

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from ocpizza.request import Request


class Tab(NamedTuple):
    route: str
    title: str
    permission: Permission


TABS = (
    Tab("kitchen", _("Cuisine"), Permission.ORDERS_TO_PREPARE),
    Tab("deliveries", _("Livraisons"), Permission.DELIVERIES),
    Tab("till", _("Caisse"), Permission.TAKE_ORDERS),
    Tab("handovers", _("Comptoir"), Permission.HANDOVERS),
    Tab("orders", _("Commandes"), Permission.ORDERS),
    Tab("feasible", _("Pizzas réalisables"), Permission.FEASIBLE_PIZZAS),
    Tab("recipes", _("Recettes"), Permission.RECIPES),
    Tab("stock", _("Stock"), Permission.STOCK),
    Tab("sales", _("Chiffres"), Permission.SALES),
    Tab("promotions", _("Promotions"), Permission.PROMOTIONS),
    Tab("people", _("Équipe"), Permission.PEOPLE),
    Tab("trail", _("Journal"), Permission.TRAIL),
)


def staff_tabs(request: "Request", context: object) -> list[Tab]:
    """Return the tabs that the person signed in may open here."""
    return [tab for tab in TABS if request.has_permission(tab.permission, context)]


def includeme(config: "Configurator") -> None:
    config.add_request_method(staff_tabs)

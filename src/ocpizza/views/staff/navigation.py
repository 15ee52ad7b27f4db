"""The staff's tabs: the pages of a restaurant that somebody may open, in sections if many."""

from typing import TYPE_CHECKING, NamedTuple

from ocpizza.i18n import _
from ocpizza.security.permissions import Permission

if TYPE_CHECKING:
    from pyramid.config import Configurator

    from ocpizza.contexts import Workplace
    from ocpizza.request import Request

# As many as stand in one line of a laptop's width.
MAX_FLAT = 6


class Tab(NamedTuple):
    route: str
    title: str
    permission: Permission


class Section(NamedTuple):
    title: str
    tabs: tuple[Tab, ...]


SECTIONS = (
    Section(
        _("Service"),
        (
            Tab("kitchen", _("Cuisine"), Permission.ORDERS_TO_PREPARE),
            Tab("deliveries", _("Livraisons"), Permission.DELIVERIES),
            Tab("till", _("Caisse"), Permission.TAKE_ORDERS),
            Tab("handovers", _("Comptoir"), Permission.HANDOVERS),
            Tab("till_session", _("Fond de caisse"), Permission.TILL_SESSION),
        ),
    ),
    Section(
        _("La carte"),
        (
            Tab("feasible", _("Pizzas réalisables"), Permission.FEASIBLE_PIZZAS),
            Tab("recipes", _("Recettes"), Permission.RECIPES),
            Tab("products", _("Produits"), Permission.PRODUCTS),
            Tab("promotions", _("Promotions"), Permission.PROMOTIONS),
        ),
    ),
    Section(_("Stock"), (Tab("stock", _("Stock"), Permission.STOCK),)),
    Section(
        _("Pilotage"),
        (
            Tab("overview", _("Vue d’ensemble"), Permission.OVERVIEW),
            Tab("orders", _("Commandes"), Permission.ORDERS),
            Tab("sales", _("Chiffres"), Permission.SALES),
            Tab("comparison", _("Comparaison"), Permission.COMPARISON),
            Tab("trail", _("Journal"), Permission.TRAIL),
        ),
    ),
    Section(
        _("Restaurant"),
        (
            Tab("people", _("Équipe"), Permission.PEOPLE),
            Tab("restaurant", _("Horaires et livraison"), Permission.RESTAURANT),
        ),
    ),
)


class Link(NamedTuple):
    """A tab or a section as a page shows it: `current` if it is, or holds, what is looked at."""

    title: str
    path: str
    current: str  # as `aria-current` says it, "" if it is not


def staff_tabs(request: "Request", context: "Workplace") -> list[list[Link]]:
    """Return the lines of tabs of the person signed in: one of tabs, or sections and their tabs."""
    code = context.restaurant.code
    paths = [
        (section.title, [(tab.title, request.route_path(tab.route, code=code)) for tab in open_])
        for section in SECTIONS
        if (open_ := _open_to(request, context, section))
    ]
    within = _nearest(request, [path for _title, those in paths for _name, path in those])
    sections = [
        (title, [_link(request, name, path, within) for name, path in its]) for title, its in paths
    ]
    tabs = [tab for _title, its in sections for tab in its]
    if len(tabs) <= MAX_FLAT:
        return [tabs]
    heads = [
        Link(title, its[0].path, "true" if any(tab.current for tab in its) else "")
        for title, its in sections
    ]
    below = next((its for _title, its in sections if any(tab.current for tab in its)), [])
    return [heads, below] if len(below) > 1 else [heads]


def _open_to(request: "Request", context: "Workplace", section: Section) -> list[Tab]:
    return [tab for tab in section.tabs if request.has_permission(tab.permission, context)]


def _nearest(request: "Request", paths: list[str]) -> str:
    """Return the path of the tab that holds the page: « Fond de caisse » is not « Caisse », too."""
    holding = (path for path in paths if f"{request.path}/".startswith(f"{path}/"))
    return max(holding, key=len, default="")


def _link(request: "Request", title: str, path: str, within: str) -> Link:
    current = "page" if request.path == path else "true" if path == within else ""
    return Link(title, path, current)


def includeme(config: "Configurator") -> None:
    config.add_request_method(staff_tabs)

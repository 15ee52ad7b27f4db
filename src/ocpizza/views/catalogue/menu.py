"""UC1.1: choose a restaurant, look through its menu."""

from datetime import datetime

from pyramid.view import view_config

from ocpizza.domain.contact import normal_postcode
from ocpizza.domain.plain_text import compatible
from ocpizza.domain.point_of_sale import PointOfSale
from ocpizza.domain.wishes import Wish
from ocpizza.i18n import _
from ocpizza.models.ingredient import Allergen
from ocpizza.models.product import Kind
from ocpizza.order_words import promise_words
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.shared_pages import not_shared
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.storefront import Storefront
from ocpizza.views.basket.bar import basket_bar
from ocpizza.views.catalogue.finding import found_in, may_be_kept, wanted_of


@view_config(
    route_name="home",
    renderer="catalogue/home.jinja2",
    permission=Permission.SHOP,
    shared=True,
)
def home(request: Request) -> Answer:
    typed = compatible(request.GET.get("code_postal", "")[:30])
    postcode, error = normal_postcode(typed) or typed, None
    if typed and not normal_postcode(typed):
        error = _("Un code postal compte cinq chiffres, par exemple 75011.")
    everyone = sorted(
        list_restaurants(request.db), key=lambda point: point.closes_at(request.now) is None
    )
    serving = [point for point in everyone if postcode and point.delivers_to(postcode)]
    return {"points": everyone, "serving": serving, "postcode": postcode, "error": error}


@view_config(
    route_name="menu",
    renderer="catalogue/menu.jinja2",
    permission=Permission.SHOP,
    shared=True,
)
def menu(context: Storefront, request: Request) -> Answer:
    wanted = wanted_of(request)
    found = found_in(context.menu, wanted, request.locale_name)
    if not may_be_kept(request, wanted):
        not_shared(request)
    return {
        "point": context.point,
        "menu": context.menu,
        "kinds": [kind for kind in Kind if context.menu.of_kind(kind)],
        "wishes": list(Wish),
        "allergens": list(Allergen),
        "wanted": wanted,
        "found": found,
        "shown_kinds": {
            one.kind for one in context.menu.products if found is None or one.id in found
        },
        "bar": basket_bar(request, context.point, context.menu),
        "promises": _promises(context.point, request.now),
    }


def _promises(point: PointOfSale, now: datetime) -> list[str]:
    """Return when what is ordered now shall be there, or ready, where orders are taken."""
    if not point.takes_orders(now):
        return []
    return [promise_words(mode, point.promised_at(mode, now)) for mode in point.modes]

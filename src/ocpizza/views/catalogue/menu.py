"""UC1.1: say where, choose a restaurant, look through its menu."""

from pyramid.view import view_config

from ocpizza.domain.contact import normal_postcode
from ocpizza.domain.destination import Destination
from ocpizza.domain.hours import business_day
from ocpizza.domain.plain_text import compatible
from ocpizza.domain.point_of_sale import nearest
from ocpizza.domain.towns import only_town
from ocpizza.domain.wishes import Wish, marks_of
from ocpizza.i18n import _
from ocpizza.kept_pages import keep_while_so
from ocpizza.models.ingredient import Allergen
from ocpizza.models.product import Kind
from ocpizza.models.vat import Mode
from ocpizza.order_words import why_no_alcohol
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.shared_pages import not_shared
from ocpizza.services.catalogue.restaurants import list_restaurants
from ocpizza.services.catalogue.storefront import Storefront
from ocpizza.services.order.own_orders import last_order
from ocpizza.views.answers import go_to
from ocpizza.views.basket.bar import basket_bar
from ocpizza.views.catalogue.finding import asked_of, found_in, may_be_kept, wanted_of
from ocpizza.views.destination import place_words, whereto


@view_config(
    route_name="home",
    renderer="catalogue/home.jinja2",
    permission=Permission.SHOP,
    shared=True,
)
def home(request: Request) -> Answer:
    """Show who delivers to a postcode, or where to fetch; straight to the menu of the only one."""
    typed = compatible(request.GET.get("code_postal", "")[:30])
    postcode, mode = normal_postcode(typed), request.GET.get("mode")
    points = list_restaurants(request.db)
    everyone = sorted(points, key=lambda point: point.closes_at(request.now) is None)
    if not request.query_string:
        keep_while_so(request, points)
    error, found, title = "", None, ""
    if typed and not postcode:
        error = _("Un code postal compte cinq chiffres, par exemple 75011.")
    elif mode == Mode.TAKEAWAY:
        request.set_destination(Destination(None))
        found = nearest(everyone, postcode or "")
        near = _("À emporter près du ${postcode}", mapping={"postcode": postcode})
        title = near if postcode else _("À emporter")
    elif postcode:
        found = [point for point in everyone if point.delivers_to(postcode)]
        request.set_destination(Destination(postcode) if found else None)
        if len(found) == 1:
            return go_to(request, "menu", restaurant=found[0].slug)
        title = place_words(postcode, only_town(postcode))
    elif mode == Mode.DELIVERY:
        error = _("Indiquez le code postal.")
    own = request.customer_id
    return {
        "points": everyone,
        "postcode": postcode or typed,
        "fetched": mode == Mode.TAKEAWAY,
        "error": error,
        "found": found,
        "title": title,
        "usual": last_order(request.db, own) if own else None,
    }


@view_config(
    route_name="menu",
    renderer="catalogue/menu.jinja2",
    permission=Permission.SHOP,
    shared=True,
)
def menu(context: Storefront, request: Request) -> Answer:
    wanted = wanted_of(request)
    marks = marks_of(context.menu.assortment, business_day(request.now))
    known = {**marks, Wish.FAVOURITE: context.favourites}
    found = found_in(context.menu, wanted, known, request.locale_name)
    if not may_be_kept(request, wanted):
        not_shared(request)
    keep_while_so(request, (context.point,), context.menu)
    return {
        "point": context.point,
        "menu": context.menu,
        "kinds": [kind for kind in Kind if context.menu.of_kind(kind)],
        "wishes": tuple(wish for wish in Wish if wish not in marks or marks[wish]),
        "marks": marks,
        "favourites": [one.slug for one in context.menu.products if one.id in context.favourites],
        "allergens": list(Allergen),
        "wanted": wanted,
        "asked": asked_of(request),
        "found": found,
        "shown_kinds": {
            one.kind for one in context.menu.products if found is None or one.id in found
        },
        "bar": basket_bar(request, context.point, context.menu),
        "no_alcohol": why_no_alcohol(context.point, request.now),
    } | whereto(request, context.point)

"""UC1.2 by telephone and at the counter: a colleague takes an order."""

import secrets

from pyramid.view import view_config

from ocpizza.contexts import BegunOrder, Workplace
from ocpizza.domain.item import UnknownItem
from ocpizza.domain.quick_entry import read_entry
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.forms.till import TillAddForm, TillLineForm
from ocpizza.models.basket import Basket
from ocpizza.request import Answer, SignedInRequest
from ocpizza.services.basket.lines import BasketFull, add_item, set_quantity
from ocpizza.services.catalogue.storefront import Storefront
from ocpizza.services.order.callers import find_callers
from ocpizza.views.answers import chosen_row, first_error, go_to, say
from ocpizza.views.catalogue.choice import first_size
from ocpizza.views.staff.till_page import (
    FULL,
    LINE_GONE,
    NOTHING_FOUND,
    PAGE,
    UNKNOWN,
    Answers,
    changed,
    drawn,
    keep_page,
    page_of,
    review_of,
    say_short,
    shop_of,
    to_order,
)
from ocpizza.views.staff.till_promotion import take_code

LONGEST_ENTRY = 60


@view_config(route_name="till", **PAGE)
def begin(context: Workplace, request: SignedInRequest) -> Answer:
    """A page of its own for each order: nothing is kept of it before the first button."""
    fresh = BegunOrder(context.restaurant, secrets.token_urlsafe(32), None)
    return page_of(fresh, request, shop_of(fresh, request))


@view_config(route_name="till_order", request_method="GET", **PAGE)
def go_on(context: BegunOrder, request: SignedInRequest) -> Answer:
    return page_of(context, request, shop_of(context, request))


@view_config(route_name="till_order", request_method="POST", **PAGE)
def keep(context: BegunOrder, request: SignedInRequest) -> Answer:
    """What Enter does, and what leads to the choices of a product: nothing typed is lost."""
    shop = shop_of(context, request)
    form, basket = keep_page(context, request, shop)
    slug, line = request.POST.get("options", ""), chosen_row(request, "modifier")
    if slug or line:
        return _to_choices(context, request, shop, basket, slug, line)
    typed = (form.entry.data or "")[:LONGEST_ENTRY]
    if "valider" in request.POST and not typed and form.code.data:
        return take_code(context, request, shop, basket, form.code.data)
    entry = read_entry(typed, shop.menu.products)
    if len(entry.found) == 1:
        (found,) = entry.found
        size = found.size or first_size(found.product, shop.menu)
        _add(request, shop, basket, size.id, entry.quantity)
    elif typed:
        callers = find_callers(request.db, context.restaurant_id, typed)
        if not callers and not entry.found:
            say(request, NOTHING_FOUND, "warning")
        # Not in an address: what was typed may be somebody's.
        return drawn(context, request, shop, basket, Answers(entry, callers))
    return changed(context, request, shop, basket)


@view_config(route_name="till_add", request_method="POST", **PAGE)
def add(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = shop_of(context, request)
    _form, basket = keep_page(context, request, shop)
    chosen = TillAddForm(request.POST)
    if chosen.validate():
        _add(request, shop, basket, chosen.size.data, chosen.count.data or 1)
    else:
        say(request, UNKNOWN, "error")
    return changed(context, request, shop, basket)


@view_config(route_name="till_line", request_method="POST", **PAGE)
def change_line(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = shop_of(context, request)
    _form, basket = keep_page(context, request, shop)
    wanted = TillLineForm(request.POST)
    if wanted.validate():
        set_quantity(basket, int(request.matchdict["line"]), wanted.quantity.data)
    else:
        say(request, first_error(wanted), "error")
    return changed(context, request, shop, basket)


def _add(
    request: SignedInRequest, shop: Storefront, basket: Basket, size_id: int, quantity: int
) -> None:
    chosen = Chosen(Selection.of(size_id), quantity)
    try:
        shortage = add_item(basket, shop.point.id, shop.menu, chosen)
    except UnknownItem:
        say(request, UNKNOWN, "error")
    except BasketFull:
        say(request, FULL, "error")
    else:
        say_short(request, shop.menu.assortment.by_size[size_id][0], shortage)


def _to_choices(
    context: BegunOrder,
    request: SignedInRequest,
    shop: Storefront,
    basket: Basket,
    slug: str,
    line_id: int,
) -> Answer:
    query = {"ligne": line_id} if line_id else None
    if line_id:
        review = review_of(request, basket)
        items = review.inside.portions if review else ()
        slug = next((item.slug for line, item, _ in items if line.id == line_id), "")
    if slug not in shop.menu.assortment.by_slug:
        say(request, LINE_GONE if line_id else UNKNOWN, "warning")
        return to_order(context, request)
    parts = {"code": context.restaurant.code, "token": context.token, "product": slug}
    return go_to(request, "till_product", query=query, **parts)

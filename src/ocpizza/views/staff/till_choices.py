"""UC1.2 at the counter: sizes and options of a product, as the shop has them."""

from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config

from ocpizza.contexts import BegunOrder
from ocpizza.domain.item import Shortage, UnknownItem
from ocpizza.domain.menu import MenuProduct
from ocpizza.forms.choice import ChoiceForm
from ocpizza.request import Answer, SignedInRequest
from ocpizza.services.basket.begun import begin_order
from ocpizza.services.basket.edit_line import LineChanged, LineGone, line_of, replace_line
from ocpizza.services.basket.lines import BasketFull, add_item
from ocpizza.services.catalogue.storefront import Storefront
from ocpizza.views.answers import ask_again, chosen_row, say
from ocpizza.views.basket.removed import chosen_in
from ocpizza.views.catalogue.choice import choice_of, first_size
from ocpizza.views.catalogue.product import SOLD_OUT, chosen_before, explain_choice
from ocpizza.views.staff.till_page import LINE_GONE, MAY, say_short, shop_of, to_order

PRODUCT = {"route_name": "till_product", "renderer": "staff/till_product.jinja2", **MAY}


@view_config(**PRODUCT, request_method="GET")
def show_choices(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = shop_of(context, request)
    product = _product(request, shop)
    form = ChoiceForm(data={"size": first_size(product, shop.menu).id, "quantity": 1})
    if "ligne" in request.GET:
        try:
            here, line_id = context.restaurant_id, chosen_row(request, "ligne")
            form = ChoiceForm(data=chosen_before(line_of(context.basket, here, line_id)))
        except (LineGone, ValueError):
            say(request, LINE_GONE, "warning")
            return to_order(context, request)
    return _choices(context, shop, product, form)


@view_config(**PRODUCT, request_method="POST")
def choose(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = shop_of(context, request)
    product, form = _product(request, shop), ChoiceForm(request.POST)
    if "recalculer" in request.POST:
        return _choices(context, shop, product, form)
    if form.validate():
        try:
            if form.size.data not in {size.id for size in product.sizes}:
                raise UnknownItem(product.slug)
            shortage = _keep_choice(context, request, shop, form)
        except (UnknownItem, BasketFull, LineGone, LineChanged) as refused:
            explain_choice(product, request, form, refused)
        else:
            if shortage is None or shortage.left:
                say_short(request, product, shortage)
                return to_order(context, request)
            form.size.errors = [SOLD_OUT]
    return ask_again(request, _choices(context, shop, product, form))


def _keep_choice(
    context: BegunOrder, request: SignedInRequest, shop: Storefront, form: ChoiceForm
) -> Shortage | None:
    """Put it in, or in the place of the line that it changes."""
    who, here = request.signed_in.account_id, context.restaurant_id
    basket = begin_order(request.db, context.token, who, here, request.now)
    chosen = chosen_in(form)
    if not form.line.data:
        return add_item(basket, here, shop.menu, chosen)
    line = line_of(basket, here, form.line.data)
    return replace_line(basket, line, form.before.data or "", shop.menu, chosen)


def _product(request: SignedInRequest, shop: Storefront) -> MenuProduct:
    product = shop.menu.assortment.by_slug.get(request.matchdict["product"])
    if product is None:
        raise HTTPNotFound
    return product


def _choices(
    context: BegunOrder, shop: Storefront, product: MenuProduct, form: ChoiceForm
) -> dict[str, Any]:
    return {
        "point": shop.point,
        "menu": shop.menu,
        "product": product,
        "form": form,
        "token": context.token,
        "choice": choice_of(product, shop.menu, form),
    }

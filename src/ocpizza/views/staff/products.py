"""UC6.3: the group's products, from the page of a restaurant."""

from pyramid.httpexceptions import HTTPForbidden, HTTPSeeOther
from pyramid.view import view_config

from ocpizza.contexts import StaffProduct, Workplace
from ocpizza.domain.meat import without_origin
from ocpizza.i18n import _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.assortment import sell_here
from ocpizza.services.catalogue.managing import may_change, whole_product
from ocpizza.services.catalogue.meats import meats_here
from ocpizza.services.catalogue.products import list_products, listed_product
from ocpizza.views.answers import go_to, say
from ocpizza.views.staff.actor import managed_restaurant, signature

MANAGER = {"permission": Permission.PRODUCTS}


@view_config(route_name="products", renderer="staff/products.jinja2", **MANAGER)
def products(context: Workplace, request: SignedInRequest) -> Answer:
    shelves = list_products(request.db, context.restaurant_id)
    offers = (offer for listed in shelves.values() for each in listed for offer in each.offers)
    return {
        "shelves": shelves,
        "own_prices": any(offer.is_own for offer in offers),
        "unknown_origins": len(without_origin(meats_here(request.db, context.restaurant_id))),
    }


@view_config(route_name="staff_product", renderer="staff/product.jinja2", **MANAGER)
def product(context: StaffProduct, request: SignedInRequest) -> Answer:
    return {
        "product": whole_product(request.db, context.product.id),
        "listed": listed_product(request.db, context.product, context.restaurant_id),
        "may_change": may_change(request.db, context.product.id, managed_restaurant(request)),
    }


@view_config(route_name="product_sell", request_method="POST", **MANAGER)
def sell(context: StaffProduct, request: SignedInRequest) -> HTTPSeeOther:
    sells, found = "vendre" in request.POST, context.product
    signed = signature(request)
    sell_here(request.db, found, context.restaurant_id, sells, signed)
    text = _("${name} est en vente ici.") if sells else _("${name} n’est plus vendu ici.")
    say(request, _(str(text), mapping={"name": found.name}), "success")
    return go_to(request, "staff_product", code=context.restaurant.code, product=found.slug)


def check_may_change(context: StaffProduct, request: SignedInRequest) -> None:
    """Answer 403 to whoever may not change what a product is."""
    if not may_change(request.db, context.product.id, managed_restaurant(request)):
        raise HTTPForbidden

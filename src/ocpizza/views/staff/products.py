"""UC6.3: the group's products, from the page of a restaurant."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.i18n import _
from ocpizza.request import Answer, SignedInRequest
from ocpizza.resources import StaffProduct, Workplace
from ocpizza.security.permissions import Permission
from ocpizza.services.catalogue.assortment import sell_here
from ocpizza.services.catalogue.managing import may_change, whole_product
from ocpizza.services.catalogue.products import list_products, listed_product
from ocpizza.services.trail.record import Signature
from ocpizza.views.answers import go_to, say

MANAGER = {"permission": Permission.PRODUCTS}


@view_config(route_name="products", renderer="staff/products.jinja2", **MANAGER)
def products(context: Workplace, request: SignedInRequest) -> Answer:
    shelves = list_products(request.db, context.restaurant_id)
    offers = (offer for listed in shelves.values() for each in listed for offer in each.offers)
    return {"shelves": shelves, "own_prices": any(offer.is_own for offer in offers)}


@view_config(route_name="staff_product", renderer="staff/product.jinja2", **MANAGER)
def product(context: StaffProduct, request: SignedInRequest) -> Answer:
    manager_of = request.signed_in.restaurant_id
    return {
        "product": whole_product(request.db, context.product.id),
        "listed": listed_product(request.db, context.product, context.restaurant_id),
        "may_change": may_change(request.db, context.product.id, manager_of),
    }


@view_config(route_name="product_sell", request_method="POST", **MANAGER)
def sell(context: StaffProduct, request: SignedInRequest) -> HTTPSeeOther:
    sells, found = "vendre" in request.POST, context.product
    signed = Signature(request.signed_in.author, request.now)
    sell_here(request.db, found, context.restaurant_id, sells, signed)
    text = _("${name} est en vente ici.") if sells else _("${name} n’est plus vendu ici.")
    say(request, _(str(text), mapping={"name": found.name}), "success")
    return go_to(request, "staff_product", code=context.restaurant.code, product=found.slug)

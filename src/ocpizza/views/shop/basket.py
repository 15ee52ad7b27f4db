"""B1: look at the basket, put something in, change quantities."""

import json

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.renderers import render_to_response
from pyramid.view import view_config

from ocpizza.domain.item import UnknownItem
from ocpizza.domain.selection import Selection
from ocpizza.forms.shop import AddForm, PromotionCodeForm, QuantityForm
from ocpizza.i18n import _
from ocpizza.models.basket import MAX_LINES, MAX_QUANTITY
from ocpizza.security.permissions import Permission
from ocpizza.services.apply_promotion import remove_promotion
from ocpizza.services.fill_basket import (
    BasketFull,
    LastPizza,
    OtherRestaurant,
    add_item,
    drop_lines,
    refuse_last_pizza,
    set_quantity,
    touch,
)
from ocpizza.services.list_offers import list_offers
from ocpizza.services.read_menu import read_menu
from ocpizza.services.review_basket import review_basket
from ocpizza.views.answers import first_error, go_to, say
from ocpizza.views.shop.basket_bar import basket_bar

LAST_PIZZA = _(
    "Votre commande ne peut pas comporter aucune pizza. Veuillez ajouter une autre pizza pour "
    "supprimer celle de votre choix ou annuler votre commande"
)


@view_config(route_name="basket", renderer="shop/basket.jinja2", permission=Permission.SHOP)
def show_basket(request):
    # A code comes back from signing in.
    return basket_page(request, PromotionCodeForm(data={"code": request.GET.get("code", "")}))


def basket_page(request, form):
    """The basket with its promotion, or the form for a code and the offers to choose from."""
    review = review_basket(request.db, request.basket, request.now, request.customer)
    return {"review": review, "form": form, "offers": _offers(request, review)}


def _offers(request, review):
    if review is None or request.customer is None or review.change or review.promotion:
        return []
    return list_offers(request.db, review, request.customer.account_id, request.now)


@view_config(route_name="basket_add", request_method="POST", permission=Permission.SHOP)
def add_to_basket(context, request):
    form = AddForm(request.POST)
    if not form.validate():
        return _answer(context, request, form, first_error(form), "error")
    basket = request.own_basket()
    selection = Selection.of(form.size.data, form.without.data, form.extra.data)
    menu = context.menu
    try:
        shortage = add_item(
            basket,
            context.point.id,
            menu,
            selection,
            form.quantity.data,
            replace=form.replace.data,
        )
    except UnknownItem:
        text = _("Cet article n’est pas à la carte de ce restaurant.")
        return _answer(context, request, form, text, "error")
    except BasketFull:
        text = _(
            "Un panier contient ${lines} lignes de ${quantity} articles au plus. "
            "Pour une plus grande commande, appelez le restaurant.",
            mapping={"lines": MAX_LINES, "quantity": MAX_QUANTITY},
        )
        return _answer(context, request, form, text, "error")
    except OtherRestaurant:
        if basket.changes_order_id:
            text = _("Une commande reste dans son restaurant. Terminez d’abord sa modification.")
            return _answer(context, request, form, text, "error")
        return _offer_replacement(context, request, form)
    touch(basket, request.now)
    product, _size = menu.assortment.by_size[form.size.data]
    return _answer(context, request, form, *_added(product, shortage), product=product, menu=menu)


def _added(product, shortage):
    if shortage is None:
        return _("${name} : ajouté au panier.", mapping={"name": product.name}), "success"
    if shortage.left == 0:
        return _("${name} est indisponible aujourd’hui.", mapping={"name": product.name}), "error"
    text = _(
        "Il ne reste que ${left} ${name} : votre panier en contient ${left}.",
        mapping={"left": shortage.left, "name": product.name},
    )
    return text, "warning"


def _answer(context, request, form, text, kind, product=None, menu=None):
    """A fragment for htmx, else back to the menu with the message at its top."""
    if request.headers.get("HX-Request"):
        bar = basket_bar(request, context.point, menu)
        values = {"bar": bar, "toast": request.localizer.translate(text), "toast_kind": kind}
        response = render_to_response("shop/added.jinja2", values, request)
        response.headers["HX-Trigger"] = json.dumps({"csrf": request.session.get_csrf_token()})
        return response
    say(request, text, kind)
    anchor = f"produit-{product.slug}" if product else None
    return go_to(request, "menu", anchor=anchor, restaurant=context.point.slug)


def _offer_replacement(context, request, form):
    values = {"point": context.point, "form": form, "token": request.session.get_csrf_token()}
    response = render_to_response("shop/other_restaurant.jinja2", values, request)
    response.status_int = 409
    if request.headers.get("HX-Request"):
        response.status_int = 200
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
        response.headers["HX-Trigger"] = json.dumps({"csrf": request.session.get_csrf_token()})
    return response


@view_config(route_name="basket_change", request_method="POST", permission=Permission.SHOP)
def change_basket(request):
    basket = request.basket
    if basket is None:
        return go_to(request, "basket")
    if "vider" in request.POST and not basket.changes_order_id:
        drop_lines(basket, list(basket.lines))
        remove_promotion(basket, request.now)
        return go_to(request, "basket")
    form = QuantityForm(request.POST)
    if not form.line.validate(form):
        raise HTTPBadRequest
    if not form.validate():
        say(request, first_error(form), "error")
        return go_to(request, "basket")
    try:
        if basket.changes_order_id and form.quantity.data == 0:
            menu = read_menu(request.db, basket.restaurant_id)
            refuse_last_pizza(basket, menu, form.line.data)
        set_quantity(basket, form.line.data, form.quantity.data)
        touch(basket, request.now)
    except LastPizza:
        say(request, LAST_PIZZA, "error")
    return go_to(request, "basket")

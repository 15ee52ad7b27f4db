"""B1: look at the basket, put something in, change quantities."""

import json
from typing import Any

from pyramid.httpexceptions import HTTPBadRequest
from pyramid.renderers import render_to_response
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.domain.item import UnknownItem
from ocpizza.domain.menu import Menu, MenuProduct
from ocpizza.domain.promotion import Terms
from ocpizza.forms.base import FormData
from ocpizza.forms.basket import PromotionCodeForm, QuantityForm
from ocpizza.forms.choice import AddForm
from ocpizza.i18n import Shown, _
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.services.basket.basket import touch
from ocpizza.services.basket.edit_line import restore_line
from ocpizza.services.basket.lines import (
    BasketFull,
    LastPizza,
    OtherRestaurant,
    add_item,
    drop_lines,
    refuse_last_pizza,
    set_quantity,
)
from ocpizza.services.basket.promotion import remove_promotion
from ocpizza.services.catalogue.menu import read_menu
from ocpizza.services.catalogue.storefront import Storefront
from ocpizza.services.checkout.agreement import menu_for
from ocpizza.services.checkout.offers import list_offers
from ocpizza.services.checkout.review import Review
from ocpizza.views.answers import first_error, go_to, say
from ocpizza.views.basket.adding import FULL, ONE_RESTAURANT, UNKNOWN, added, offer_replacement
from ocpizza.views.basket.bar import basket_bar
from ocpizza.views.basket.removed import as_fields, chosen_in, removed_line, removed_query
from ocpizza.views.checkout.refusals import explain_refusal
from ocpizza.views.destination import own_review, whereto

LAST_PIZZA = _(
    "Votre commande ne peut pas comporter aucune pizza. Veuillez ajouter une autre pizza pour "
    "supprimer celle de votre choix ou annuler votre commande"
)


@view_config(route_name="basket", renderer="basket/basket.jinja2", permission=Permission.SHOP)
def show_basket(request: Request) -> Answer:
    # A code comes back from signing in.
    form = PromotionCodeForm(data={"code": request.GET.get("code", "")})
    return basket_page(request, form, request.GET)


def basket_page(
    request: Request, form: PromotionCodeForm, removed: FormData | None = None
) -> dict[str, Any]:
    """Return the basket with its promotion, or the form for a code and the offers to choose from.

    `removed` are the fields of a line that was just taken out.
    """
    review = own_review(request)
    reasons = [explain_refusal(each)[0] for each in review.obstacles] if review else []
    _say_once(request, review, reasons)
    return {
        "review": review,
        "form": form,
        "offers": _offers(request, review),
        "reasons": reasons,
        "removed": removed_line(request, removed) if removed else None,
        "told": "",
    } | (whereto(request, review.point) if review else {})


def _say_once(request: Request, review: Review | None, reasons: list[str]) -> None:
    """Leave out of the messages what the basket says beside its button."""
    if review and review.too_little and review.minimum_missing_cents:
        reasons = [*reasons, explain_refusal(review.too_little)[0]]
    told = [request.localizer.translate(reason) for reason in reasons]
    request.messages = [message for message in request.messages if message[1] not in told]


def _offers(request: Request, review: Review | None) -> list[Terms]:
    own = request.customer_id
    if review is None or own is None or review.change or review.promotion:
        return []
    return list_offers(request.db, review, own, request.now)


@view_config(route_name="basket_add", request_method="POST", permission=Permission.SHOP)
def add_to_basket(context: Storefront, request: Request) -> Answer:
    form = AddForm(request.POST)
    if not form.validate():
        return _answer(context, request, first_error(form), "error")
    basket = request.own_basket()
    chosen = chosen_in(form)
    menu = menu_for(request.db, basket, context.point.id, context.menu)
    try:
        shortage = add_item(basket, context.point.id, menu, chosen, replace=form.replace.data)
    except UnknownItem:
        return _answer(context, request, UNKNOWN, "error")
    except BasketFull:
        return _answer(context, request, FULL, "error")
    except OtherRestaurant:
        if basket.changes_order_id:
            return _answer(context, request, ONE_RESTAURANT, "error")
        return offer_replacement(context, request, form)
    touch(basket, request.now)
    product, _size = menu.assortment.by_size[form.size.data]
    return _answer(context, request, *added(product, shortage), product=product, menu=menu)


def _answer(
    context: Storefront,
    request: Request,
    text: str,
    kind: str,
    product: MenuProduct | None = None,
    menu: Menu | None = None,
) -> Response:
    """Return a fragment for htmx, else back to the menu with the message at its top."""
    if request.headers.get("HX-Request"):
        bar = basket_bar(request, context.point, menu)
        values = {"bar": bar, "toast": request.localizer.translate(text), "toast_kind": kind}
        response = render_to_response("basket/added.jinja2", values, request)
        response.headers["HX-Trigger"] = json.dumps({"csrf": request.session.get_csrf_token()})
        return response
    say(request, text, kind)
    anchor = f"produit-{product.slug}" if product else None
    # What was looked for, and left out, in the menu still is.
    query = list(request.GET.items())
    return go_to(request, "menu", anchor=anchor, query=query, restaurant=context.point.slug)


@view_config(
    route_name="basket_change",
    request_method="POST",
    renderer="basket/basket.jinja2",
    permission=Permission.SHOP,
)
def change_basket(request: Request) -> Answer:
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
        return _changed(request)
    line = next((line for line in basket.lines if line.id == form.line.data), None)
    before = (line.selection, line.quantity) if line else None
    try:
        if basket.changes_order_id and basket.restaurant_id and form.quantity.data == 0:
            menu = read_menu(request.db, basket.restaurant_id)
            refuse_last_pizza(basket, menu, form.line.data)
        set_quantity(basket, form.line.data, form.quantity.data)
        touch(basket, request.now)
    except LastPizza:
        say(request, LAST_PIZZA, "error")
        return _changed(request)
    removed = before if before and form.quantity.data == 0 else None
    return _changed(request, removed, None if removed or line is None else form.quantity.data)


@view_config(
    route_name="basket_restore",
    request_method="POST",
    renderer="basket/basket.jinja2",
    permission=Permission.SHOP,
)
def restore_to_basket(request: Request) -> Answer:
    """Put back what was removed a moment ago, with all its options."""
    form, basket = AddForm(request.POST), request.basket
    if basket is None or basket.restaurant_id is None or not form.validate():
        return go_to(request, "basket")
    menu = read_menu(request.db, basket.restaurant_id)
    try:
        restore_line(basket, menu, chosen_in(form))
        touch(basket, request.now)
    except UnknownItem:
        say(request, UNKNOWN, "error")
    except BasketFull:
        say(request, FULL, "error")
    return _changed(request)


def _changed(
    request: Request, removed: tuple[str, int] | None = None, quantity: int | None = None
) -> Answer:
    """The basket as it is now: as an answer to htmx, else after a redirect.

    `removed` is (selection, quantity) of a line that can be put back.
    """
    known = removed_query(*removed) if removed else []
    if not request.headers.get("HX-Request"):
        return go_to(request, "basket", query=known, anchor="retire" if known else None)
    request.db.flush()
    values = basket_page(request, PromotionCodeForm(), as_fields(known))
    if quantity is not None and values["review"]:
        total = Shown(euros, values["review"].quote.total_cents)
        values["told"] = _(
            "Quantité : ${quantity}, total ${total}",
            mapping={"quantity": quantity, "total": total},
        )
    return values

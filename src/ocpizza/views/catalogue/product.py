"""UC1.1, B1: the page of a product: choose its size and options, add it or change one's own."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import ProductPage
from ocpizza.domain.item import ConflictingOptions, UnknownItem, UnknownOption
from ocpizza.domain.menu import MenuProduct
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.forms.choice import MAX_OPTIONS, ChoiceForm
from ocpizza.i18n import _
from ocpizza.models.basket import BasketLine
from ocpizza.order_words import why_no_alcohol
from ocpizza.rendering import everyday_name
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.shared_pages import not_shared
from ocpizza.services.basket.basket import touch
from ocpizza.services.basket.edit_line import LineChanged, LineGone, line_of, replace_line, state_of
from ocpizza.services.basket.lines import BasketFull, OtherRestaurant, add_item
from ocpizza.services.checkout.agreement import menu_for
from ocpizza.views.answers import ask_again, chosen_row, go_to, say
from ocpizza.views.basket.adding import FULL, ONE_RESTAURANT, added, offer_replacement
from ocpizza.views.basket.removed import chosen_in
from ocpizza.views.catalogue.choice import choice_of, first_size
from ocpizza.views.destination import whereto

PAGE = {
    "route_name": "product",
    "renderer": "catalogue/product.jinja2",
    "permission": Permission.SHOP,
}
# Ingredients that a menu says one may leave out.
IDS = re.compile(r"\b[0-9]{1,10}\b", re.ASCII)
BOTH = _("${name} : à retirer ou à ajouter ? Choisissez l’un des deux.")
GONE = _(
    "Une des options que vous aviez choisies n’est plus proposée : elle est retirée. "
    "Vérifiez le reste avant d’ajouter."
)
SOLD_OUT = _("Il n’en reste plus avec ces choix : prenez une autre taille ou d’autres options.")
NO_LINE = _(
    "Cette ligne n’est plus dans votre panier. Vos choix sont gardés ici : vous pouvez les ajouter."
)
CHANGED = _(
    "Cette ligne a été modifiée entre-temps. Vos choix sont gardés ici : enregistrez-les pour "
    "qu’ils la remplacent."
)


@view_config(**PAGE, request_method="GET", shared=True)
def show_product(context: ProductPage, request: Request) -> Answer:
    if "ligne" in request.GET:
        return _show_line(context, request)
    if "sans" in request.GET:
        not_shared(request)
    size = first_size(context.product, context.menu)
    left_out = IDS.findall(" ".join(request.GET.getall("sans")))[:MAX_OPTIONS]
    known = {"size": size.id, "quantity": 1, "without": [int(id) for id in left_out]}
    return _page(context, request, ChoiceForm(data=known))


def _show_line(context: ProductPage, request: Request) -> Answer:
    """The page with what a line of the basket is, to make it something else."""
    try:
        line = line_of(request.basket, context.point.id, chosen_row(request, "ligne"))
        form = ChoiceForm(data=chosen_before(line))
    except (LineGone, ValueError):
        say(request, _("Cette ligne n’est plus dans votre panier."), "warning")
        return go_to(request, "basket")
    return _page(context, request, form)


def chosen_before(line: BasketLine) -> dict[str, Any]:
    """Return what a line of a basket is, as its form says it. Raises ValueError for two halves."""
    (part,) = Selection.parse(line.selection).parts
    known = {"size": part.size_id, "without": part.without, "extra": part.extras}
    return known | {"quantity": line.quantity, "line": line.id, "before": state_of(line)}


@view_config(
    route_name="product_choice", renderer="catalogue/choice.jinja2", permission=Permission.SHOP
)
def show_choice(context: ProductPage, request: Request) -> Answer:
    """What the choices that are made on the page come to, as fragments of it."""
    return _page(context, request, ChoiceForm(request.GET))


@view_config(**PAGE, request_method="POST")
def choose(context: ProductPage, request: Request) -> Answer:
    form = ChoiceForm(request.POST)
    if "recalculer" in request.POST:
        return _page(context, request, form)
    if not form.validate():
        return _refuse(context, request, form)
    chosen = chosen_in(form)
    try:
        if form.size.data not in {size.id for size in context.product.sizes}:
            raise UnknownItem(chosen.selection.text)
        return _keep(context, request, form, chosen)
    except OtherRestaurant:
        if request.basket is None or not request.basket.changes_order_id:
            return offer_replacement(context, request, form)
        form.form_errors = [ONE_RESTAURANT]
    except (UnknownItem, BasketFull, LineGone, LineChanged) as refused:
        explain_choice(context.product, request, form, refused)
    return _refuse(context, request, form)


def explain_choice(
    product: MenuProduct, request: Request, form: ChoiceForm, refused: Exception
) -> None:
    """Say what is wrong where it is wrong; what was chosen stays in the form."""
    match refused:
        case ConflictingOptions():
            form.refuse_options(_conflicts(product, request, refused.ingredient_ids))
        case UnknownOption():
            form.form_errors = [GONE]
        case UnknownItem():
            form.size.errors = [_("Cette taille n’est plus proposée : choisissez-en une autre.")]
        case BasketFull():
            form.form_errors = [FULL]
        case LineGone():
            form.line.data, form.form_errors = None, [NO_LINE]
        case LineChanged():
            form.before.data, form.form_errors = refused.state, [CHANGED]


def _keep(context: ProductPage, request: Request, form: ChoiceForm, chosen: Chosen) -> Answer:
    """Put it in the basket, or in the place of the line that it changes."""
    basket, changes = request.own_basket(), bool(form.line.data)
    here = context.point.id
    menu = menu_for(request.db, basket, here, context.menu)
    if changes:
        line = line_of(basket, here, form.line.data)
        shortage = replace_line(basket, line, form.before.data or "", menu, chosen)
    else:
        shortage = add_item(basket, here, menu, chosen)
    if shortage and not shortage.left:
        form.size.errors = [SOLD_OUT]
        return _refuse(context, request, form)
    touch(basket, request.now)
    if not changes:
        say(request, *added(context.product, shortage))
        anchor = f"produit-{context.product.slug}"
        return go_to(request, "menu", anchor=anchor, restaurant=context.point.slug)
    text, kind = added(context.product, shortage)
    changed = _("${name} : modifié.", mapping={"name": context.product.name})
    say(request, text if shortage else changed, kind)
    return go_to(request, "basket")


def _conflicts(
    product: MenuProduct, request: Request, ids: Iterable[int]
) -> Iterator[tuple[int, str]]:
    names = {one.ingredient.id: one.ingredient for one in product.composition}
    names |= {one.ingredient.id: one.ingredient for one in product.extras}
    for id in ids:
        name = everyday_name(request.locale_name, names[id])
        yield id, _(str(BOTH), mapping={"name": name})


def _refuse(context: ProductPage, request: Request, form: ChoiceForm) -> dict[str, Any]:
    return ask_again(request, _page(context, request, form))


def _page(context: ProductPage, request: Request, form: ChoiceForm) -> dict[str, Any]:
    menu = menu_for(request.db, request.basket, context.point.id, context.menu)
    return {
        "point": context.point,
        "menu": menu,
        "product": context.product,
        "favourite": context.favourite,
        "form": form,
        "refused": why_no_alcohol(context.point, request.now) if context.product.alcohol else None,
        "choice": choice_of(context.product, menu, form),
    } | whereto(request, context.point)

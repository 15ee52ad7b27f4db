"""UC1.2 by telephone and at the counter: a colleague takes an order."""

import secrets
from typing import Any

from pyramid.httpexceptions import HTTPNotFound
from pyramid.view import view_config

from ocpizza.amounts import euros
from ocpizza.domain.checkout import OrderRefused
from ocpizza.domain.contact import national_phone, normal_phone
from ocpizza.domain.item import Shortage, UnknownItem
from ocpizza.domain.menu import MenuProduct
from ocpizza.domain.quick_entry import Entry, read_entry
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.forms.choice import ChoiceForm
from ocpizza.forms.till import TillAddForm, TillForm, TillLineForm
from ocpizza.i18n import Shown, _
from ocpizza.models.basket import Basket
from ocpizza.models.order import Source
from ocpizza.models.payment import Means
from ocpizza.models.product import Kind
from ocpizza.request import Answer, SignedInRequest
from ocpizza.resources import BegunOrder, StaffOrder, Workplace
from ocpizza.security.permissions import Permission
from ocpizza.services.basket.basket import forget_basket
from ocpizza.services.basket.begun import begin_order, keep_typed, list_begun
from ocpizza.services.basket.edit_line import LineChanged, LineGone, line_of, replace_line
from ocpizza.services.basket.lines import BasketFull, add_item, set_quantity
from ocpizza.services.catalogue.storefront import Storefront, storefront_by_id
from ocpizza.services.checkout.for_customer import place_for_customer
from ocpizza.services.checkout.place import Checkout
from ocpizza.services.checkout.review import Review, review_basket
from ocpizza.views.answers import ask_again, chosen_row, first_error, go_to, go_to_staff_order, say
from ocpizza.views.basket.removed import chosen_in
from ocpizza.views.catalogue.choice import choice_of, first_size
from ocpizza.views.catalogue.product import SOLD_OUT, chosen_before, explain_choice
from ocpizza.views.checkout.refusals import explain_refusal, refuse

MAY = {"permission": Permission.TAKE_ORDERS}
PAGE = {"renderer": "staff/till.jinja2", **MAY}
PRODUCT = {"route_name": "till_product", "renderer": "staff/till_product.jinja2", **MAY}
# Who is called by nothing but the number of their order.
ANYBODY = _("Client au comptoir")
NOT_OPEN = _("Ce restaurant ne prend pas de commandes.")
UNKNOWN = _("Cet article n’est pas à la carte de ce restaurant.")
FULL = _("Une commande a 100 lignes de 50 articles au plus.")
NONE_LEFT = _("${name} : il n’en reste plus.")
FEWER = _("${name} : il n’en reste que ${left}.")
NO_PRODUCT = _("Aucun produit de la carte ne commence ainsi.")
LINE_GONE = _("Cette ligne n’est plus dans la commande.")


@view_config(route_name="till", **PAGE)
def begin(context: Workplace, request: SignedInRequest) -> Answer:
    """A page of its own for each order: nothing is kept of it before the first button."""
    fresh = BegunOrder(context.restaurant, secrets.token_urlsafe(32), None)
    return _page(fresh, request, _shop(fresh, request))


@view_config(route_name="till_order", request_method="GET", **PAGE)
def go_on(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = _shop(context, request)
    entry = read_entry(request.GET.get("produit", "")[:60], shop.menu.products)
    return _page(context, request, shop, entry=entry)


@view_config(route_name="till_order", request_method="POST", **PAGE)
def keep(context: BegunOrder, request: SignedInRequest) -> Answer:
    """What Enter does, and what leads to the choices of a product: nothing typed is lost."""
    shop = _shop(context, request)
    form, basket = _keep_typed(context, request, shop)
    slug, line = request.POST.get("options", ""), chosen_row(request, "modifier")
    if slug or line:
        return _to_choices(context, request, shop, basket, slug, line)
    typed = (form.entry.data or "")[:60]
    entry = read_entry(typed, shop.menu.products)
    if len(entry.found) != 1:
        if typed and not entry.found:
            say(request, NO_PRODUCT, "warning")
        return _changed(context, request, shop, basket, entry, typed)
    (found,) = entry.found
    size = found.size or first_size(found.product, shop.menu)
    _add(request, shop, basket, size.id, entry.quantity)
    return _changed(context, request, shop, basket)


@view_config(route_name="till_add", request_method="POST", **PAGE)
def add(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = _shop(context, request)
    _form, basket = _keep_typed(context, request, shop)
    chosen = TillAddForm(request.POST)
    if chosen.validate():
        _add(request, shop, basket, chosen.size.data, chosen.count.data or 1)
    else:
        say(request, UNKNOWN, "error")
    return _changed(context, request, shop, basket)


@view_config(route_name="till_line", request_method="POST", **PAGE)
def change_line(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = _shop(context, request)
    _form, basket = _keep_typed(context, request, shop)
    wanted = TillLineForm(request.POST)
    if wanted.validate():
        set_quantity(basket, int(request.matchdict["line"]), wanted.quantity.data)
    else:
        say(request, first_error(wanted), "error")
    return _changed(context, request, shop, basket)


@view_config(**PRODUCT, request_method="GET")
def show_choices(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = _shop(context, request)
    product = _product(request, shop)
    form = ChoiceForm(data={"size": first_size(product, shop.menu).id, "quantity": 1})
    if "ligne" in request.GET:
        try:
            here, line_id = context.restaurant_id, chosen_row(request, "ligne")
            form = ChoiceForm(data=chosen_before(line_of(context.basket, here, line_id)))
        except (LineGone, ValueError):
            say(request, LINE_GONE, "warning")
            return _to_order(context, request)
    return _choices(context, shop, product, form)


@view_config(**PRODUCT, request_method="POST")
def choose(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop = _shop(context, request)
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
                _say_short(request, product, shortage)
                return _to_order(context, request)
            form.size.errors = [SOLD_OUT]
    return ask_again(request, _choices(context, shop, product, form))


@view_config(route_name="till_place", request_method="POST", **PAGE)
def place(context: BegunOrder, request: SignedInRequest) -> Answer:
    shop, basket = _shop(context, request), context.basket
    form = TillForm(request.POST, shop.point)
    # Sent again, it is of an order that is placed already.
    current = basket is not None and basket.checkout_key == form.key.data
    if basket is not None and current:
        keep_typed(basket, form.typed(), request.now)
    if not form.validate():
        return ask_again(request, _page(context, request, shop, form=form))
    if basket is not None and current:
        details = form.details().to_json()
        details["contact_name"] = details["contact_name"] or request.localizer.translate(ANYBODY)
        keep_typed(basket, form.typed() | details, request.now)
    means, source = Means(form.means.data), form.wished_source
    checkout = Checkout(form.key.data or "", means, form.total.data or 0, source=source)
    who = request.signed_in.author
    try:
        order = place_for_customer(request.db, context.token, checkout, request.now, who)
    except OrderRefused as refused:
        # Redirect first: nothing may be rendered while stock is locked.
        say(request, refuse(request, refused)[0], "error")
        if basket is not None and current:
            keep_typed(basket, form.typed(), request.now)
        return _to_order(context, request)
    return go_to_staff_order(StaffOrder(context.restaurant, order), request)


@view_config(route_name="till_give_up", request_method="POST", **MAY)
def give_up(context: BegunOrder, request: SignedInRequest) -> Answer:
    if context.basket is not None:
        forget_basket(request.db, context.basket)
    return go_to(request, "till", code=context.restaurant.code)


def _shop(context: Workplace, request: SignedInRequest) -> Storefront:
    shop = storefront_by_id(request.db, context.restaurant_id)
    if shop is None:
        say(request, NOT_OPEN, "warning")
        raise go_to(request, "handovers", code=context.restaurant.code)
    return shop


def _keep_typed(
    context: BegunOrder, request: SignedInRequest, shop: Storefront
) -> tuple[TillForm, Basket]:
    who, here = request.signed_in.account_id, context.restaurant_id
    basket = begin_order(request.db, context.token, who, here, request.now)
    form = TillForm(request.POST, shop.point)
    keep_typed(basket, form.typed(), request.now)
    return form, basket


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
        _say_short(request, shop.menu.assortment.by_size[size_id][0], shortage)


def _say_short(request: SignedInRequest, product: MenuProduct, shortage: Shortage | None) -> None:
    if shortage:
        text = FEWER if shortage.left else NONE_LEFT
        mapping = {"name": product.name, "left": shortage.left}
        say(request, _(str(text), mapping=mapping), "warning")


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
        review = _review(request, basket)
        items = review.inside.portions if review else ()
        slug = next((item.slug for line, item, _ in items if line.id == line_id), "")
    if slug not in shop.menu.assortment.by_slug:
        say(request, LINE_GONE if line_id else UNKNOWN, "warning")
        return _to_order(context, request)
    parts = {"code": context.restaurant.code, "token": context.token, "product": slug}
    return go_to(request, "till_product", query=query, **parts)


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


def _to_order(context: BegunOrder, request: SignedInRequest, typed: str = "") -> Answer:
    query = {"produit": typed} if typed else None
    parts = {"code": context.restaurant.code, "token": context.token}
    return go_to(request, "till_order", query=query, **parts)


def _changed(
    context: BegunOrder,
    request: SignedInRequest,
    shop: Storefront,
    basket: Basket,
    entry: Entry | None = None,
    typed: str = "",
) -> Answer:
    """The order as it is now: as an answer to htmx, else after a redirect."""
    if not request.headers.get("HX-Request"):
        return _to_order(context, request, typed)
    request.db.flush()
    parts = {"code": context.restaurant.code, "token": context.token}
    request.response.headers["HX-Replace-Url"] = request.route_path("till_order", **parts)
    begun = BegunOrder(context.restaurant, context.token, basket)
    page = _page(begun, request, shop, entry=entry)
    if review := page["review"]:
        total = {"total": Shown(euros, review.quote.total_cents)}
        page["told"] = _("Total : ${total}", mapping=total)
    return page


def _review(request: SignedInRequest, basket: Basket | None) -> Review | None:
    source = Source(basket.details.get("source", Source.COUNTER)) if basket else Source.COUNTER
    return review_basket(request.db, basket, request.now, source=source)


def _page(
    context: BegunOrder,
    request: SignedInRequest,
    shop: Storefront,
    *,
    form: TillForm | None = None,
    entry: Entry | None = None,
) -> dict[str, Any]:
    mine = list_begun(request.db, request.signed_in.account_id, shop.point.id)
    review = _review(request, context.basket)
    return {
        "point": shop.point,
        "menu": shop.menu,
        "token": context.token,
        "form": form or TillForm(None, shop.point, _known(context.basket)),
        "review": review,
        "reasons": [explain_refusal(each)[0] for each in review.obstacles] if review else [],
        "shelves": [(kind, shop.menu.of_kind(kind)) for kind in Kind],
        "found": entry.found if entry else (),
        "count": entry.quantity if entry else 1,
        "others": [each for each in mine if each.lines and each.token != context.token],
        "told": "",
    }


def _known(basket: Basket | None) -> dict[str, Any]:
    """Return what was typed already; a phone number as it is written, if it is one."""
    typed = dict(basket.details) if basket else {}
    phone = typed.get("phone") or ""
    return typed | {"phone": national_phone(normal_phone(phone)) or phone}

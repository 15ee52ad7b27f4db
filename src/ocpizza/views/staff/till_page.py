"""UC1.2 at the counter: the page of an order that is begun, after each of its buttons."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ocpizza.amounts import euros
from ocpizza.contexts import BegunOrder, Workplace
from ocpizza.domain.author import Author
from ocpizza.domain.contact import national_phone, normal_phone
from ocpizza.domain.item import Shortage
from ocpizza.domain.menu import MenuProduct
from ocpizza.domain.promotion import Terms
from ocpizza.domain.quick_entry import Entry
from ocpizza.forms.till import TillForm
from ocpizza.i18n import Shown, _
from ocpizza.models.account import Role
from ocpizza.models.basket import Basket
from ocpizza.models.order import Source
from ocpizza.models.product import Kind
from ocpizza.order_words import why_no_alcohol
from ocpizza.request import Answer, SignedInRequest
from ocpizza.security.permissions import Permission
from ocpizza.services.basket.begun import begin_order, keep_typed, list_begun
from ocpizza.services.catalogue.storefront import Storefront, storefront_by_id
from ocpizza.services.checkout.offers import list_offers
from ocpizza.services.checkout.review import Review, review_basket
from ocpizza.services.order.callers import KnownCaller
from ocpizza.views.answers import go_to, say
from ocpizza.views.staff.till_refusals import explain_to_colleague, why_not_here

MAY = {"permission": Permission.TAKE_ORDERS}
PAGE = {"renderer": "staff/till.jinja2", **MAY}
NOT_OPEN = _("Ce restaurant ne prend pas de commandes.")
UNKNOWN = _("Cet article n’est pas à la carte de ce restaurant.")
FULL = _("Une commande a 100 lignes de 50 articles au plus.")
NONE_LEFT = _("${name} : il n’en reste plus.")
FEWER = _("${name} : il n’en reste que ${left}.")
NOTHING_FOUND = _("Aucun produit de la carte, aucun client de ce restaurant.")
LINE_GONE = _("Cette ligne n’est plus dans la commande.")
NOTHING = Entry(1, ())


@dataclass(frozen=True, slots=True)
class Answers:
    """What the page shows of what was typed: products, people; or the button to place it."""

    entry: Entry = NOTHING
    callers: Sequence[KnownCaller] = ()
    placing: bool = False


NO_ANSWERS = Answers()


def shop_of(context: Workplace, request: SignedInRequest) -> Storefront:
    shop = storefront_by_id(request.db, context.restaurant_id)
    if shop is None:
        say(request, NOT_OPEN, "warning")
        raise go_to(request, "handovers", code=context.restaurant.code)
    return shop


def keep_page(
    context: BegunOrder, request: SignedInRequest, shop: Storefront
) -> tuple[TillForm, Basket]:
    who, here = request.signed_in.account_id, context.restaurant_id
    basket = begin_order(request.db, context.token, who, here, request.now)
    form = TillForm(request.POST, shop.point)
    keep_typed(basket, form.typed(), request.now)
    return form, basket


def to_order(context: BegunOrder, request: SignedInRequest) -> Answer:
    return go_to(request, "till_order", code=context.restaurant.code, token=context.token)


def changed(
    context: BegunOrder,
    request: SignedInRequest,
    shop: Storefront,
    basket: Basket,
    answers: Answers = NO_ANSWERS,
) -> Answer:
    """The order as it is now: as an answer to htmx, else after a redirect."""
    if not request.headers.get("HX-Request"):
        return to_order(context, request)
    return drawn(context, request, shop, basket, answers)


def drawn(
    context: BegunOrder,
    request: SignedInRequest,
    shop: Storefront,
    basket: Basket,
    answers: Answers,
) -> dict[str, Any]:
    request.db.flush()
    parts = {"code": context.restaurant.code, "token": context.token}
    request.response.headers["HX-Replace-Url"] = request.route_path("till_order", **parts)
    begun = BegunOrder(context.restaurant, context.token, basket)
    page = page_of(begun, request, shop, answers=answers)
    if review := page["review"]:
        total = {"total": Shown(euros, review.quote.total_cents)}
        page["told"] = _("Total : ${total}", mapping=total)
    return page


def review_of(request: SignedInRequest, basket: Basket | None) -> Review | None:
    source = Source(basket.details.get("source", Source.COUNTER)) if basket else Source.COUNTER
    customer = Author(basket.customer_id, Role.CUSTOMER) if basket else None
    return review_basket(request.db, basket, request.now, customer, source)


def page_of(
    context: BegunOrder,
    request: SignedInRequest,
    shop: Storefront,
    *,
    form: TillForm | None = None,
    answers: Answers = NO_ANSWERS,
) -> dict[str, Any]:
    mine = list_begun(request.db, request.signed_in.account_id, shop.point.id)
    review = review_of(request, context.basket)
    return {
        "point": shop.point,
        "menu": shop.menu,
        "no_alcohol": why_no_alcohol(shop.point, request.now),
        "token": context.token,
        "form": form or TillForm(None, shop.point, _known(context.basket)),
        "review": review,
        "reasons": [explain_to_colleague(each) for each in review.obstacles] if review else [],
        "offers": _offers(request, review),
        "lost": why_not_here(review.promotion) if review and review.promotion else [],
        "shelves": [(kind, shop.menu.of_kind(kind)) for kind in Kind],
        "found": answers.entry.found,
        "count": answers.entry.quantity,
        "callers": answers.callers,
        "placing": answers.placing,
        "others": [each for each in mine if each.token != context.token],
        "told": "",
    }


def _offers(request: SignedInRequest, review: Review | None) -> list[Terms]:
    """Return what the customer could have of this order, if it has no promotion yet."""
    if review is None or review.promotion:
        return []
    return list_offers(request.db, review, review.basket.customer_id, request.now)


def _known(basket: Basket | None) -> dict[str, Any]:
    """Return what was typed already; a phone number as it is written, if it is one."""
    typed = dict(basket.details) if basket else {}
    phone = typed.get("phone") or ""
    return typed | {"phone": national_phone(normal_phone(phone)) or phone}


def say_short(request: SignedInRequest, product: MenuProduct, shortage: Shortage | None) -> None:
    if shortage:
        text = FEWER if shortage.left else NONE_LEFT
        mapping = {"name": product.name, "left": shortage.left}
        say(request, _(str(text), mapping=mapping), "warning")

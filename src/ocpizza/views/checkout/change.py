"""UC1.3: change an order in a basket of its own, then confirm its new summary."""

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.contexts import StaffOrder, TrackedOrder
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import (
    Details,
    DetailsMissing,
    OrderRefused,
    PostcodeNotServed,
    StaleCheckout,
)
from ocpizza.domain.settlement import change_due
from ocpizza.forms.checkout import ChangeForm
from ocpizza.forms.details import ChangedDetailsForm
from ocpizza.i18n import _
from ocpizza.models.account import Role
from ocpizza.order_words import change_words
from ocpizza.request import Answer, Request
from ocpizza.security.permissions import Permission
from ocpizza.security.sessions import BASKET
from ocpizza.services.basket.basket import forget_basket, save_details
from ocpizza.services.checkout.change import Change, change_order, find_changed
from ocpizza.services.checkout.review import Review, review_basket
from ocpizza.services.checkout.start_change import start_change
from ocpizza.services.order.cancel import TooLate
from ocpizza.services.payment.queries import awaited_payment
from ocpizza.views.answers import ask_again, go_to, go_to_staff_order, say
from ocpizza.views.checkout.place import OBSTACLES, back_to_basket
from ocpizza.views.checkout.refusals import refuse, too_late
from ocpizza.views.checkout.visitor import visitor_of
from ocpizza.visitor import CHANGED

DETAILS = {
    "route_name": "change_details",
    "renderer": "checkout/change_details.jinja2",
    "permission": Permission.SHOP,
}
CONFIRM = {
    "route_name": "change_confirm",
    "renderer": "checkout/change_confirm.jinja2",
    "permission": Permission.SHOP,
}


@view_config(route_name="change_order", request_method="POST", permission=Permission.SHOP)
def start_as_customer(context: TrackedOrder, request: Request) -> Answer:
    return _start(request, context.order_id)


@view_config(
    route_name="staff_change_order", request_method="POST", permission=Permission.CHANGE_ORDER
)
def start_as_colleague(context: StaffOrder, request: Request) -> Answer:
    return _start(request, context.order.id)


def _start(request: Request, order_id: int) -> HTTPSeeOther:
    # A basket is locked before an order, as everywhere.
    before = request.basket
    try:
        basket = start_change(request.db, order_id, request.now)
    except TooLate:
        say(request, too_late(), "error")
        return _to_order(request, request.context)
    if before is not None and before.changes_order_id:
        forget_basket(request.db, before)
        request.session[BASKET] = basket.token
    else:
        request.set_basket_aside(basket)
    return go_to(request, "basket")


@view_config(**DETAILS, request_method="GET")
def ask_details(request: Request) -> Answer:
    review = _review(request)
    if review is None:
        return go_to(request, "basket")
    if review.obstacles:
        return back_to_basket(request, review)
    return {"review": review, "form": ChangedDetailsForm(None, review.point, review.basket.details)}


@view_config(**DETAILS, request_method="POST")
def keep_new_details(request: Request) -> Answer:
    review = _review(request)
    if review is None:
        return go_to(request, "basket")
    form = ChangedDetailsForm(request.POST, review.point, review.basket.details)
    if not form.validate():
        return ask_again(request, {"review": review, "form": form})
    save_details(request.db, review.basket, form.details(), request.now)
    return go_to(request, "change_confirm")


@view_config(**CONFIRM, request_method="GET")
def ask_confirmation(request: Request) -> Answer:
    review = _review(request)
    if review is None or review.change is None:
        return go_to(request, "basket")
    if review.obstacles:
        return back_to_basket(request, review)
    form = ChangeForm(data={"key": review.basket.checkout_key, "total": review.quote.total_cents})
    total = review.quote.total_cents
    return {
        "review": review,
        "details": Details.from_json(review.basket.details),
        "form": form,
        "asks_age": review.alcohol and not review.change.of_age,
        "paid_how": change_words(
            change_due(review.change, total),
            review.mode,
            abs(total - review.change.received_cents),
        ),
    }


@view_config(**CONFIRM, request_method="POST")
def confirm(request: Request) -> Answer:
    form = ChangeForm(request.POST)
    if not form.validate():
        return go_to(request, "change_confirm")
    change = Change(form.key.data, form.total.data, visitor_of(request), form.of_age.data)
    token, author = request.session.get(BASKET), _author(request)
    try:
        order = change_order(request.db, token, change, author, request.now)
    except TooLate:
        say(request, too_late(), "error")
        return _give_up(request)
    except StaleCheckout as stale:
        return _sent_again(request, change) or _refuse(request, stale)
    except OrderRefused as refused:
        return _refuse(request, refused)
    request.take_basket_back()
    if payment := awaited_payment(request.db, order.id):
        request.settle_after_commit(payment.id)
        return go_to(request, "pay_order", token=order.tracking_token)
    say(request, _("Votre commande ${number} est modifiée.", mapping={"number": order.number}))
    return go_to(request, "tracking", token=order.tracking_token)


def _refuse(request: Request, refused: OrderRefused) -> HTTPSeeOther:
    # Redirect first: nothing may be rendered while stock is locked.
    text, route = refuse(request, refused)
    say(request, text, "error")
    if route == "basket":
        return go_to(request, route, anchor=OBSTACLES)
    asked = isinstance(refused, DetailsMissing | PostcodeNotServed)
    return go_to(request, "change_details" if asked else "change_confirm")


def _sent_again(request: Request, change: Change) -> HTTPSeeOther | None:
    """Return where the change led that this session has made already, None if it is another's."""
    try:
        order = find_changed(request.db, request.session.get(CHANGED), change.key)
    except StaleCheckout:
        return None
    return go_to(request, "tracking", token=order.tracking_token)


@view_config(route_name="change_give_up", request_method="POST", permission=Permission.SHOP)
def give_up(request: Request) -> Answer:
    if request.basket is None or not request.basket.changes_order_id:
        return go_to(request, "basket")
    say(request, _("Votre commande reste comme elle était."))
    return _give_up(request)


def _give_up(request: Request) -> HTTPSeeOther:
    basket = request.basket
    order = basket.changes_order if basket else None
    if basket is None or order is None:
        return go_to(request, "basket")
    forget_basket(request.db, basket)
    request.take_basket_back()
    return go_to(request, "tracking", token=order.tracking_token)


def _review(request: Request) -> Review | None:
    """Return the review of a basket that changes an order, None for any other."""
    review = review_basket(request.db, request.basket, request.now)
    return review if review and review.change else None


def _author(request: Request) -> Author:
    """Return a colleague of this restaurant in their own name.

    Otherwise the customer, by their link.
    """
    who, basket = request.signed_in, request.basket
    here = basket is not None and who is not None and who.works_at(basket.restaurant_id)
    if who and here and who.role in (Role.CASHIER, Role.MANAGER):
        return who.author
    return Author(who.account_id if who and not who.is_staff else None, Role.CUSTOMER)


def _to_order(request: Request, context: StaffOrder | TrackedOrder) -> HTTPSeeOther:
    if isinstance(context, StaffOrder):
        return go_to_staff_order(context, request)
    return go_to(request, "tracking", token=request.matchdict["token"])

"""UC1.2: personal details (A1), then payment (B3) and the order itself."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.view import view_config

from ocpizza.domain.checkout import Details, OrderRefused
from ocpizza.domain.contact import national_phone
from ocpizza.domain.payment import MIN_CENTS
from ocpizza.forms.base import FormData
from ocpizza.forms.checkout import PaymentForm
from ocpizza.forms.details import DetailsForm
from ocpizza.models.account import AddressUse
from ocpizza.models.order import PaymentChoice
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.payments.gateway import Gateway
from ocpizza.request import Answer, Request
from ocpizza.resources import own_account
from ocpizza.security.permissions import Permission
from ocpizza.security.sessions import BASKET
from ocpizza.services.account.addresses import save_address
from ocpizza.services.account.edit import known_details
from ocpizza.services.basket.basket import save_details as remember_details
from ocpizza.services.checkout.place import Checkout, place_order
from ocpizza.services.checkout.review import Review, default_mode, review_basket
from ocpizza.services.payment.queries import awaited_payment
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.checkout.refusals import explain_refusal, refuse
from ocpizza.views.checkout.visitor import visitor_of

DETAILS = {
    "route_name": "checkout_details",
    "renderer": "checkout/details.jinja2",
    "permission": Permission.SHOP,
}
PAYMENT = {
    "route_name": "checkout_payment",
    "renderer": "checkout/payment.jinja2",
    "permission": Permission.SHOP,
}
# Where the basket tells why it cannot be ordered as it is.
OBSTACLES = "obstacles"


@view_config(**DETAILS, request_method="GET")
def ask_details(request: Request) -> Answer:
    review = review_basket(request.db, request.basket, request.now, request.customer)
    if review is None:
        return go_to(request, "basket")
    if review.change:
        return go_to(request, "change_details")
    if review.obstacles:
        return back_to_basket(request, review)
    known = dict(review.basket.details) or _known(request)
    known.setdefault("mode", default_mode(review.point).value)
    if review.too_little:
        known["mode"] = Mode.TAKEAWAY.value
    known["phone"] = national_phone(known.get("phone"))
    return {"review": review, "form": _details_form(None, review, data=known)}


@view_config(**DETAILS, request_method="POST")
def keep_details(request: Request) -> Answer:
    mine = own_account(request) if request.customer else None
    review = review_basket(request.db, request.basket, request.now, request.customer)
    if review is None or review.change:
        return go_to(request, "basket")
    if review.obstacles:
        return back_to_basket(request, review)
    form = _details_form(request.POST, review)
    if not form.validate():
        return ask_again(request, {"review": review, "form": form})
    details = form.details()
    remember_details(review.basket, details, request.now)
    if mine and form.keep_address.data and details.address:
        save_address(request.db, mine, AddressUse.DELIVERY, details.address)
    return go_to(request, "checkout_payment")


def back_to_basket(request: Request, review: Review) -> HTTPSeeOther:
    """To where the basket says what stands in the way of ordering it as it is."""
    for refused in review.obstacles:
        request.note_refusal(refused)
    return go_to(request, "basket", anchor=OBSTACLES)


def _details_form(
    formdata: FormData | None, review: Review, data: dict[str, Any] | None = None
) -> DetailsForm:
    no_delivery = explain_refusal(review.too_little)[0] if review.too_little else None
    return DetailsForm(formdata, review.point, data=data, no_delivery=no_delivery)


def _known(request: Request) -> dict[str, Any]:
    """Return what the account of a customer knows, for a basket that knows nothing yet."""
    who = request.signed_in
    return known_details(request.db, who.account_id) if who and request.customer else {}


@view_config(**PAYMENT, request_method="GET")
def ask_payment(request: Request) -> Answer:
    review = review_basket(request.db, request.basket, request.now, request.customer)
    if review is None:
        return go_to(request, "basket")
    details = Details.from_json(review.basket.details)
    if details is None or review.change:
        return go_to(request, "checkout_details")
    if review.basket.awaits_order is not None:
        return go_to(request, "pay_order", token=review.basket.awaits_order.tracking_token)
    if not review.ready:
        return back_to_basket(request, review)
    known = {"key": review.basket.checkout_key, "total": review.quote.total_cents}
    # What was chosen before the order was refused.
    known["means"] = request.GET.get("means")
    form = PaymentForm(online=pays_online(request, review.quote.total_cents), data=known)
    return {"review": review, "details": details, "form": form}


@view_config(**PAYMENT, request_method="POST")
def order(request: Request) -> Answer:
    form = PaymentForm(request.POST, online=request.registry["payments"].available)
    if not form.validate():
        return _ask_again(request, form)
    checkout = Checkout(
        form.key.data,
        Means(form.means.data),
        form.total.data,
        request.locale_name,
        visitor=visitor_of(request),
    )
    token = request.session.get(BASKET)
    try:
        placed = place_order(request.db, token, checkout, request.now, request.customer)
    except OrderRefused as refused:
        # Redirect first: nothing may be rendered while stock is locked.
        text, route = refuse(request, refused)
        say(request, text, "error")
        chosen = {"means": form.means.data} if route == "checkout_payment" else None
        return go_to(request, route, query=chosen, anchor=OBSTACLES if route == "basket" else None)
    online = placed.payment_choice is PaymentChoice.ONLINE
    if online and (payment := awaited_payment(request.db, placed.id)):
        request.settle_after_commit(payment.id)
        return go_to(request, "pay_order", token=placed.tracking_token)
    return go_to(request, "tracking", token=placed.tracking_token)


def pays_online(request: Request, cents: int) -> bool:
    """Whether a sum may be paid by card online (B31): there are keys, and it is not too small."""
    gateway: Gateway = request.registry["payments"]
    return gateway.available and cents >= MIN_CENTS


def _ask_again(request: Request, form: PaymentForm) -> Answer:
    review = review_basket(request.db, request.basket, request.now, request.customer)
    details = Details.from_json(review.basket.details) if review else None
    if review is None or details is None:
        return go_to(request, "basket")
    if not review.ready:
        return back_to_basket(request, review)
    form.total.data = review.quote.total_cents
    if form.key.errors:
        form.key.data = review.basket.checkout_key
    return ask_again(request, {"review": review, "details": details, "form": form})

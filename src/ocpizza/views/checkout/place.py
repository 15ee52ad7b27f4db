"""UC1.2: personal details (A1), payment (B3) and the order itself, on one page."""

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.response import Response
from pyramid.view import view_config

from ocpizza.domain.checkout import CustomerGone, Details, OrderRefused, StaleCheckout
from ocpizza.domain.contact import national_phone
from ocpizza.domain.destination import Destination
from ocpizza.domain.payment import MIN_CENTS
from ocpizza.forms.base import FormData
from ocpizza.forms.checkout import SAVED, CheckoutForm
from ocpizza.models.basket import Basket
from ocpizza.models.card import SavedCard
from ocpizza.models.order import Order, PaymentChoice
from ocpizza.models.payment import Means
from ocpizza.models.vat import Mode
from ocpizza.order_words import promise_words
from ocpizza.payments import browser_sources
from ocpizza.payments.gateway import Gateway
from ocpizza.request import Answer, Request
from ocpizza.security.headers import policy
from ocpizza.security.permissions import Permission
from ocpizza.security.sessions import BASKET
from ocpizza.services.account.addresses import keep_delivery_address
from ocpizza.services.account.edit import known_details
from ocpizza.services.basket.basket import save_details as remember_details
from ocpizza.services.checkout.place import (
    Checkout,
    find_placed,
    hold_buyer,
    order_basket,
)
from ocpizza.services.checkout.review import Review, quotes
from ocpizza.services.order.habit import Habit, habit_of
from ocpizza.services.payment.queries import awaited_payment
from ocpizza.views.answers import ask_again, go_to, say
from ocpizza.views.checkout.refusals import explain_refusal, refuse
from ocpizza.views.checkout.visitor import visitor_of
from ocpizza.views.destination import own_review

CHECKOUT = {
    "route_name": "checkout",
    "renderer": "checkout/checkout.jinja2",
    "permission": Permission.SHOP,
}
# Where the basket tells why it cannot be ordered as it is.
OBSTACLES = "obstacles"
# Of a post by the page's script (`static/card.js`), which stays on the page.
IN_PLACE = "X-In-Place"


class ReadFirst(HTTPSeeOther):
    """To an order that is not what the form says, in what it costs too: it is read, then paid."""


@view_config(**CHECKOUT, request_method="GET")
def ask(request: Request) -> Answer:
    review = own_review(request)
    if review is None:
        return go_to(request, "basket")
    if review.change:
        return go_to(request, "change_details")
    if review.basket.awaits_order is not None:
        return go_to(request, "pay_order", token=review.basket.awaits_order.tracking_token)
    if review.obstacles:
        return back_to_basket(request, review)
    known, habit = _known(request, review), _habit(request, review)
    known |= {
        "mode": review.mode.value,
        "phone": national_phone(known.get("phone")),
        "key": review.basket.checkout_key,
        # What was chosen before the order was refused, or else last time.
        "means": request.GET.get("means") or _usual_means(habit),
    }
    return _page(request, review, _form(request, None, review, habit, known), habit)


@view_config(**CHECKOUT, request_method="POST")
def order(request: Request) -> Answer:
    """Where the page's script asks, it is told where to go on: the card's fields stay with it."""
    answer = _order(request)
    # Led elsewhere than it was told, the script sends the form as a browser does.
    if IN_PLACE in request.headers and type(answer) is HTTPSeeOther:
        return Response(json_body={"location": answer.location})
    return answer


def _order(request: Request) -> Answer:
    try:
        hold_buyer(request.db, request.customer)
    except CustomerGone as gone:
        return _refuse(request, gone)
    review = own_review(request)
    if placed := _placed_already(request, review):
        answer = _go_on(request, placed)
        if IN_PLACE not in request.headers or review is None:
            return answer
        same = _is_what_was_ordered(request, review, placed)
        return answer if same else ReadFirst(str(answer.location))
    if review is None or review.change:
        # What the basket of a change knows is its order's own.
        return _refuse(request, StaleCheckout())
    habit = _habit(request, review) if _saved_card_named(request) else Habit()
    form = _form(request, request.POST, review, habit)
    valid = form.validate()
    if form.details_hold:
        details = form.details()
        remember_details(request.db, review.basket, details, request.now)
        request.set_destination(Destination(details.postcode))
        if form.keep_address.data:
            _keep_address(request, details)
    if valid:
        return _place(request, review.basket, form)
    if review.obstacles:
        return back_to_basket(request, review)
    form.key.data = review.basket.checkout_key
    habit = _habit(request, review)
    form.offer(habit.cards)
    return ask_again(request, _page(request, review, form, habit))


def back_to_basket(request: Request, review: Review) -> HTTPSeeOther:
    """To where the basket says what stands in the way of ordering it as it is."""
    for refused in review.obstacles:
        request.note_refusal(refused)
    return go_to(request, "basket", anchor=OBSTACLES)


def _pays_online(request: Request, cents: int) -> bool:
    """Whether a sum may be paid by card online (B31): there are keys, and it is not too small."""
    gateway: Gateway = request.registry["payments"]
    return gateway.available and cents >= MIN_CENTS


def _form(
    request: Request,
    formdata: FormData | None,
    review: Review,
    habit: Habit,
    data: dict[str, Any] | None = None,
) -> CheckoutForm:
    no_delivery = explain_refusal(review.too_little)[0] if review.too_little else None
    online = _pays_online(request, max(quote.total_cents for quote in quotes(review).values()))
    return CheckoutForm(
        formdata,
        online=online,
        cards=habit.cards,
        alcohol=review.alcohol,
        point=review.point,
        data=data,
        no_delivery=no_delivery,
    )


def _page(request: Request, review: Review, form: CheckoutForm, habit: Habit) -> dict[str, Any]:
    modes, settings = quotes(review), request.registry.settings
    if form.online:
        request.response.headers["Content-Security-Policy"] = policy(browser_sources(settings))
    promises = {
        mode: promise_words(mode, review.point.promised_at(mode, request.now)) for mode in modes
    }
    return {
        "review": review,
        "form": form,
        "quotes": modes,
        "promises": promises,
        "accepted": habit.accepted,
        "may_keep": request.customer and not review.point.stripe_account,
        "js_url": settings["stripe.js_url"],
        "publishable_key": settings["stripe.publishable_key"],
        "simulated": settings["demo.payments"],
    }


def _known(request: Request, review: Review) -> dict[str, Any]:
    """Return the details that the basket has, or else the account, if they go where was said."""
    destination, known = request.destination, dict(review.basket.details)
    if not known and request.customer_id:
        known = known_details(request.db, request.customer_id)
    if destination and destination.mode_at(review.point) is Mode.DELIVERY:
        return destination.fill(known)
    return known


def _habit(request: Request, review: Review) -> Habit:
    """Return how a customer who is signed in pays as a rule."""
    known = request.customer_id
    return habit_of(request.db, known, review.point.id) if known else Habit()


def _saved_card_named(request: Request) -> dict[str, str]:
    """Return the saved card that the form names, for the address of the next page."""
    means = request.POST.get("means", "")
    return {"carte": means.removeprefix(SAVED)} if means.startswith(SAVED) else {}


def _usual_means(habit: Habit) -> str | None:
    """Return what is chosen already: of cards the one that was saved last."""
    if habit.means is Means.ONLINE_CARD and habit.cards:
        return f"{SAVED}{habit.cards[0].id}"
    return habit.means


def _keep_address(request: Request, details: Details) -> None:
    """Keep the address in the account of a customer who is signed in.

    In a transaction of its own: their account is changed before a promotion is locked, or after.
    """
    id, address = request.customer_id, details.address
    if id and address:
        request.after_answer(lambda session: keep_delivery_address(session, id, address))


def _placed_already(request: Request, review: Review | None) -> Order | None:
    """Return the order that a form has made which is sent again, or that awaits its payment."""
    key = request.POST.get("key")
    if review and (review.basket.awaits_order or review.basket.checkout_key == key):
        return review.basket.awaits_order
    try:
        return find_placed(request.db, request.session.get(BASKET), key)
    except StaleCheckout:
        return None


def _is_what_was_ordered(request: Request, review: Review, placed: Order) -> bool:
    """Return whether a form says what was ordered: its page may be older, or changed since."""
    form = _form(request, request.POST, review, Habit())
    form.validate()
    return (
        form.details_hold
        and form.details().to_json() == review.basket.details
        and form.shown_total_cents == placed.revision.total_cents
    )


def _place(request: Request, basket: Basket, form: CheckoutForm) -> Answer:
    checkout = Checkout(
        form.key.data,
        form.chosen_means,
        form.shown_total_cents,
        request.locale_name,
        visitor=visitor_of(request),
        of_age=form.of_age.data,
    )
    try:
        placed = order_basket(request.db, basket, checkout, request.now, request.customer)
    except OrderRefused as refused:
        return _refuse(request, refused)
    return _go_on(request, placed, form.saved_card)


def _go_on(request: Request, placed: Order, card: SavedCard | None = None) -> HTTPSeeOther:
    """To its payment, or to the page where it is followed.

    `card`: a saved one, which pays it now. Whoever sends the form again waits for it.
    """
    request.follow_order(placed.number)
    online = placed.payment_choice is PaymentChoice.ONLINE
    if online and (payment := awaited_payment(request.db, placed.id)):
        card_id = card.stripe_payment_method_id if card else None
        request.settle_after_commit(payment.id, card_id=card_id)
        query = _saved_card_named(request)
        return go_to(request, "pay_order", token=placed.tracking_token, query=query)
    return go_to(request, "tracking", token=placed.tracking_token)


def _refuse(request: Request, refused: OrderRefused) -> HTTPSeeOther:
    # Redirect first: nothing may be rendered while rows are locked.
    text, route = refuse(request, refused)
    say(request, text, "error")
    if route == "basket":
        return go_to(request, route, anchor=OBSTACLES)
    return go_to(request, route, query={"means": request.POST["means"]})

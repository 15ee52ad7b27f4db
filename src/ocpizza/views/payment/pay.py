"""B31: pay an order by card, or choose another way; all by the order's secret link."""

from typing import Any

from pyramid.view import view_config

from ocpizza.contexts import TrackedOrder
from ocpizza.domain.author import Author
from ocpizza.domain.checkout import OrderRefused
from ocpizza.domain.payment import Intent, IntentStatus
from ocpizza.forms.checkout import OnDeliveryForm
from ocpizza.i18n import _
from ocpizza.models.account import Role
from ocpizza.models.order import Order
from ocpizza.models.payment import Means, Payment
from ocpizza.payments import browser_sources
from ocpizza.payments.gateway import NoAnswer, Refused
from ocpizza.payments.questions import StillAsking
from ocpizza.request import Answer, Request
from ocpizza.security.headers import policy
from ocpizza.security.permissions import Permission
from ocpizza.services.order.queries import load_order, load_pending
from ocpizza.services.payment.cards import saved_cards
from ocpizza.services.payment.queries import awaited_payment
from ocpizza.services.settlement.abandon import give_up_payment
from ocpizza.services.settlement.on_delivery import pay_on_delivery
from ocpizza.views.answers import chosen_row, go_to, say
from ocpizza.views.checkout.refusals import refuse
from ocpizza.views.checkout.visitor import visitor_of

POST = {"request_method": "POST", "permission": Permission.SHOP}
# Then one is told that nobody answers, and may choose another way to pay.
MAX_TRIES, RELOAD_SECONDS = 6, 2
# Of a saved card whose bank wants to ask its customer before it pays.
BANK_ASKS = "authentication_required"
# Stripe's codes (docs.stripe.com/declines/codes) that one can do something about.
REASONS = {
    "insufficient_funds": _("Le solde de la carte ne suffit pas."),
    "expired_card": _("La carte a expiré."),
    "incorrect_cvc": _("Le code de sécurité de la carte n’est pas le bon."),
    "payment_intent_authentication_failure": _("Votre banque n’a pas confirmé le paiement."),
}


@view_config(
    route_name="pay_order",
    request_method="GET",
    permission=Permission.SHOP,
    renderer="payment/pay.jinja2",
)
def ask(context: TrackedOrder, request: Request) -> Answer:
    order = load_order(request.db, context.order_id)
    payment = awaited_payment(request.db, order.id)
    if payment is None:
        return go_to(request, "tracking", token=order.tracking_token)
    if _is_being_paid(request, payment):
        return _ask_again(request, payment, _tries(request) + 1)
    settings = request.registry.settings
    account = order.restaurant.legal_entity.stripe_account
    try:
        intent = _intent(request, payment, account)
    except StillAsking:
        if (tries := _tries(request)) < MAX_TRIES:
            return _ask_again(request, payment, tries + 1)
        intent = None
    # Cards are saved for the group; a company with an account of its own cannot use them.
    may_keep = _is_payer(request, order) and not account
    if intent and intent.status is IntentStatus.WAITING:
        request.response.headers["Content-Security-Policy"] = policy(browser_sources(settings))
    return {
        "order": order,
        # What is paid: of a change, what it will be.
        "revision": load_pending(request.db, order.id) or order.revision,
        "payment": payment,
        "intent": intent,
        "account": account,
        "may_keep": may_keep,
        "cards": saved_cards(request.db, order.account_id) if may_keep and order.account_id else (),
        # Which of them was to pay already.
        "chosen": chosen_row(request, "carte"),
        "reason": REASONS.get(payment.refusal or ""),
        "bank_asks": payment.refusal == BANK_ASKS,
        "form": OnDeliveryForm(data={"means": Means.CARD_TERMINAL.value}),
        "js_url": settings["stripe.js_url"],
        "publishable_key": settings["stripe.publishable_key"],
        "simulated": settings["demo.payments"],
    }


@view_config(route_name="pay_return", **POST)
def come_back(context: TrackedOrder, request: Request) -> Answer:
    """The customer is back from their bank, or tries again: the truth is Stripe's."""
    payment = awaited_payment(request.db, context.order_id)
    if payment is not None:
        request.settle_after_commit(payment.id)
    return go_to(request, "pay_order", token=request.matchdict["token"])


@view_config(route_name="pay_on_delivery", **POST)
def pay_later(context: TrackedOrder, request: Request) -> Answer:
    form = OnDeliveryForm(request.POST)
    if not form.validate():
        return go_to(request, "pay_order", token=request.matchdict["token"])
    payment = awaited_payment(request.db, context.order_id)
    means, visitor = Means(form.means.data), visitor_of(request)
    try:
        pay_on_delivery(request.db, context.order_id, means, request.now, visitor)
    except OrderRefused as refused:
        say(request, refuse(request, refused)[0], "error")
        return go_to(request, "pay_order", token=request.matchdict["token"])
    if payment is not None:
        request.settle_after_commit(payment.id)
    return go_to(request, "tracking", token=request.matchdict["token"])


@view_config(route_name="pay_give_up", **POST)
def give_up(context: TrackedOrder, request: Request) -> Answer:
    payment = awaited_payment(request.db, context.order_id)
    who = request.signed_in
    author = Author(who.account_id if who and not who.is_staff else None, Role.CUSTOMER)
    gone = give_up_payment(request.db, context.order_id, author, request.now)
    if payment is not None:
        request.settle_after_commit(payment.id)
    if gone:
        say(request, _("Rien n’est commandé ni payé. Votre panier est conservé."))
        return go_to(request, "basket")
    say(request, _("Votre commande reste comme elle était."))
    return go_to(request, "tracking", token=request.matchdict["token"])


def _intent(request: Request, payment: Payment, account: str | None) -> Intent | None:
    """Return the intent as Stripe describes it now, None where nobody answers.

    Raises StillAsking.
    """
    if payment.stripe_intent_id is None:
        if payment.attempts:
            return None
        raise StillAsking
    try:
        return request.fetch_intent(payment.stripe_intent_id, account)
    except (NoAnswer, Refused):
        return None


def _is_being_paid(request: Request, payment: Payment) -> bool:
    """Return whether a saved card has just been asked to pay, and nothing was heard of it yet."""
    return "carte" in request.GET and not payment.refusal and _tries(request) < MAX_TRIES


def _tries(request: Request) -> int:
    """Return how often this page has reloaded itself."""
    text = request.GET.get("essai", "")
    return int(text) if text in map(str, range(MAX_TRIES + 1)) else 0


def _ask_again(request: Request, payment: Payment, tries: int) -> dict[str, Any]:
    """Return a page that reloads itself soon, for nobody who serves pages waits for Stripe."""
    request.override_renderer = "payment/asking_stripe.jinja2"
    return {
        "payment": payment,
        "again": request.current_route_path(_query={**request.GET, "essai": tries}),
        "seconds": RELOAD_SECONDS,
    }


def _is_payer(request: Request, order: Order) -> bool:
    """Return whether it is their own order: their cards are for nobody else who has the link."""
    who = request.signed_in
    return bool(who and who.account_id == order.account_id)

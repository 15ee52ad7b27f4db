"""The routes of the simulated Stripe."""

import hmac
import json
from collections.abc import Callable
from pathlib import Path

import localstripe
from aiohttp import web
from localstripe.resources import Customer, PaymentMethod, Store, store
from localstripe.server import (
    add_cors_headers,
    api_create,
    api_list_all,
    api_retrieve,
    error_middleware,
    get_api_key,
    get_post_data,
    json_response,
)

from local_stripe import customers, faults, idempotency, webhooks
from local_stripe.failure import Failure
from local_stripe.intents import Intent, Refund

LOCALSTRIPE_JS = Path(localstripe.__file__).parent / "localstripe-v3.js"
OUR_JS = Path(__file__).parent / "card.js"
LAST_SCRIPT = "scripts[scripts.length - 1].src"
INTENT = "/v1/payment_intents/{id}"


def _has_secret_key(request: web.Request) -> bool:
    return bool(request.headers.get("Authorization")) and bool(get_api_key(request))


async def _publishable(request: web.Request) -> tuple[Intent, dict]:
    """The intent and the fields of a call of Stripe.js, which must know the client secret."""
    if request.headers.get("Authorization") and _has_secret_key(request):
        return _intent(request), await get_post_data(request) or {}
    asked = await get_post_data(request, remove_auth=False) or {}
    intent = Intent.of(request.match_info["id"], asked.get("_stripe_account"))
    given = str(asked.get("client_secret", ""))
    known = hmac.compare_digest(given, intent.client_secret)
    if not (known and str(asked.get("key", "")).startswith("pk_")):
        raise Failure(401, "invalid_request_error", "unauthorized", "Invalid API Key provided")
    return intent, asked


@web.middleware
async def authorise(request: web.Request, handler):
    open_to_all = not request.path.startswith("/v1/") or request.path.endswith(
        ("/confirm", "/_authenticate")
    )
    if not open_to_all and request.method != "OPTIONS" and not _has_secret_key(request):
        raise Failure(401, "invalid_request_error", "unauthorized", "Invalid API Key provided")
    return await handler(request)


async def confirm(request: web.Request) -> web.Response:
    intent, asked = await _publishable(request)
    keep, alone = asked.get("setup_future_usage"), asked.get("error_on_requires_action") == "true"
    return _answer(intent, asked, lambda: intent.confirm(_method(intent, asked), keep, alone))


def _method(intent: Intent, asked: dict) -> PaymentMethod:
    """The card that is given, or the kept one that is chosen."""
    if "payment_method" not in asked:
        return PaymentMethod(**asked["payment_method_data"])
    method = PaymentMethod._api_retrieve(asked["payment_method"])
    if method.customer is None or method.customer != intent.customer:
        raise Failure(400, "invalid_request_error", "resource_missing", "Not this customer's.")
    return method


async def authenticate(request: web.Request) -> web.Response:
    intent, asked = await _publishable(request)
    success = asked.get("success") in (True, "true")
    return _answer(intent, asked, lambda: intent.authenticate(success))


def _answer(intent: Intent, asked: dict, act: Callable[[], None]) -> web.Response:
    """The intent after `act`; to our script a decline is no HTTP error, which browsers log."""
    try:
        act()
    except Failure as failure:
        if asked.get("quiet"):
            return json_response(failure.body)
        raise
    return json_response(intent._export())


def _for_account(kind: type[Intent] | type[Refund]):
    """Make one for the connected account that the call names."""

    async def create(request: web.Request) -> web.Response:
        asked = await get_post_data(request) or {}
        made = kind(account=request.headers.get("Stripe-Account"), **asked)
        return json_response(made._export())

    return create


def _intent(request: web.Request) -> Intent:
    return Intent.of(request.match_info["id"], request.headers.get("Stripe-Account"))


async def retrieve(request: web.Request) -> web.Response:
    expand = [value for name, value in request.query.items() if name.startswith("expand[")]
    return json_response(_intent(request)._export(expand))


async def capture(request: web.Request) -> web.Response:
    intent = _intent(request)
    intent.capture((await get_post_data(request) or {}).get("amount_to_capture"))
    return json_response(intent._export())


async def cancel(request: web.Request) -> web.Response:
    intent = _intent(request)
    intent.cancel((await get_post_data(request) or {}).get("cancellation_reason"))
    return json_response(intent._export())


async def leave(request: web.Request) -> web.Response:
    customer_id = request.match_info["id"]
    customers.delete(customer_id)
    return json_response({"id": customer_id, "object": "customer", "deleted": True})


async def detach_card(request: web.Request) -> web.Response:
    return json_response(customers.detach(request.match_info["id"])._export())


async def show_customers(_request: web.Request) -> web.Response:
    return web.json_response(customers.cards())


async def expire(request: web.Request) -> web.Response:
    """What Stripe does after seven days: the authorisation is gone."""
    Intent._api_retrieve(request.match_info["id"]).cancel("automatic")
    return web.json_response({})


async def become(request: web.Request) -> web.Response:
    """From now on a card that is kept behaves as the one of this number, whatever it was."""
    card = PaymentMethod._api_retrieve(request.match_info["id"])
    card._card_number = (await request.json())["number"]
    return web.json_response({})


async def list_refunds(request: web.Request) -> web.Response:
    """The refunds of one intent; localstripe lists them by charge only."""
    of = Intent.of(request.query["payment_intent"], request.headers.get("Stripe-Account")).id
    found = [each._export() for each in Refund.all() if each.payment_intent == of]
    return json_response({"object": "list", "url": "/v1/refunds", "has_more": False, "data": found})


async def script(_request: web.Request) -> web.Response:
    # It takes the last script of the page for itself, which one that is deferred is not.
    theirs = LOCALSTRIPE_JS.read_text().replace(LAST_SCRIPT, "document.currentScript.src")
    text = theirs + OUR_JS.read_text()
    return web.Response(text=text, content_type="application/javascript")


async def add_webhook(request: web.Request) -> web.Response:
    asked = await get_post_data(request)
    webhooks.endpoints[request.match_info["name"]] = (asked["url"], asked["secret"])
    return web.json_response({})


async def show_events(_request: web.Request) -> web.Response:
    return web.json_response([json.loads(payload) for payload in webhooks.sent])


async def show_calls(_request: web.Request) -> web.Response:
    return web.json_response(faults.calls)


async def show_intents(_request: web.Request) -> web.Response:
    """Every intent with what was given back of it, as an accountant would ask."""
    found = [each for each in store.values() if isinstance(each, Intent)]
    return web.json_response(
        [each._export() | {"refunded": each.refunded(), "account": each._account} for each in found]
    )


def make_app() -> web.Application:
    """The application; what it knows is kept in memory alone."""
    Store.dump_to_disk = lambda self: None
    app = web.Application(
        middlewares=[error_middleware, faults.middleware, authorise, idempotency.middleware]
    )
    app.on_response_prepare.append(add_cors_headers)
    intents, refunds = "/v1/payment_intents", "/v1/refunds"
    methods, people = "/v1/payment_methods", "/v1/customers"
    app.add_routes(
        [
            web.post(intents, _for_account(Intent)),
            web.get(INTENT, retrieve),
            web.post(f"{INTENT}/confirm", confirm),
            web.post(f"{INTENT}/_authenticate", authenticate),
            web.post(f"{INTENT}/capture", capture),
            web.post(f"{INTENT}/cancel", cancel),
            web.post(refunds, _for_account(Refund)),
            web.get(refunds, list_refunds),
            web.post(people, api_create(Customer, people)),
            web.get(f"{people}/{{id}}", api_retrieve(Customer, people)),
            web.delete(f"{people}/{{id}}", leave),
            web.get(f"{methods}/{{id}}", api_retrieve(PaymentMethod, methods)),
            web.get(methods, api_list_all(PaymentMethod, methods)),
            web.post(f"{methods}/{{id}}/detach", detach_card),
            web.get("/js.stripe.com/v3/", script),
            web.post("/_config/webhooks/{name}", add_webhook),
            web.post("/_control/faults", faults.add),
            web.delete("/_control/faults", faults.clear),
            web.post("/_control/intents/{id}/expire", expire),
            web.post("/_control/cards/{id}/become", become),
            web.get("/_control/events", show_events),
            web.get("/_control/calls", show_calls),
            web.get("/_control/intents", show_intents),
            web.get("/_control/customers", show_customers),
        ]
    )
    return app

"""Stripe, of the one API version that this is written for. Nobody else imports its library."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import stripe
import structlog

from ocpizza.column_types import Cents
from ocpizza.domain.payment import Authorisation, Card, Intent, IntentStatus, StripeRefund
from ocpizza.payments.gateway import NoAnswer, NoCustomer, Refused, Unclear

VERSION = "2020-08-27"
CONNECT_SECONDS, READ_SECONDS = 3, 10
# One more try at once mends a lost packet; longer outages are the worker's, who has time.
RETRIES = 1
STATUSES = {
    "requires_payment_method": IntentStatus.WAITING,
    "requires_confirmation": IntentStatus.WAITING,
    "requires_action": IntentStatus.WAITING,
    "processing": IntentStatus.WAITING,
    "requires_capture": IntentStatus.AUTHORISED,
    "succeeded": IntentStatus.CAPTURED,
    "canceled": IntentStatus.CANCELLED,
}
REFUND_KEY = "refund_key"
# About one payment, account or key; what a later version may say that is new to us.
UNCLEAR = (stripe.PermissionError, stripe.IdempotencyError, KeyError, ValueError, AttributeError)
log = structlog.get_logger()


class StripeGateway:
    """Online payments through Stripe."""

    available = True

    def __init__(self, secret_key: str, api_url: str) -> None:
        client = stripe.StripeClient(
            secret_key,
            stripe_version=VERSION,
            base_addresses={"api": api_url},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=(CONNECT_SECONDS, READ_SECONDS)),
        )
        self._intents, self._refunds = client.v1.payment_intents, client.v1.refunds
        self._customers, self._cards = client.v1.customers, client.v1.payment_methods

    def create(self, asked: Authorisation) -> Intent:
        # The library's own types are those of a later version.
        values: Any = {
            "amount": asked.amount_cents,
            "currency": "eur",
            "capture_method": "manual",
            "payment_method_types": ["card"],
            "description": f"OC Pizza {asked.order_number}",
            "metadata": {"order": asked.order_number, "payment": asked.key},
        }
        if asked.email:
            values["receipt_email"] = asked.email
        if asked.customer_id:
            values["customer"] = asked.customer_id
        with _answers():
            return _intent(self._intents.create(values, _options(asked.account, asked.key)))

    def fetch(self, intent_id: str, account: str | None) -> Intent:
        with _answers():
            values: Any = {"expand": ["payment_method"]}
            return _intent(self._intents.retrieve(intent_id, values, _options(account)))

    def confirm(self, intent_id: str, card_id: str, key: str) -> Intent:
        # Whoever is to answer their bank does so on the payment page, with Stripe's script.
        values = {"payment_method": card_id, "error_on_requires_action": True}
        return self._act(self._intents.confirm, intent_id, values, _options(None, key))

    def capture(self, intent_id: str, cents: Cents, key: str, account: str | None) -> Intent:
        values = {"amount_to_capture": cents}
        return self._act(self._intents.capture, intent_id, values, _options(account, key))

    def cancel(self, intent_id: str, key: str, account: str | None) -> Intent:
        return self._act(self._intents.cancel, intent_id, {}, _options(account, key))

    def _act(self, act: Callable[..., Any], intent_id: str, values: Any, options: Any) -> Intent:
        with _answers():
            return _intent(act(intent_id, values, options))

    def refund(self, intent_id: str, cents: Cents, key: str, account: str | None) -> StripeRefund:
        values: Any = {
            "payment_intent": intent_id,
            "amount": cents,
            "metadata": {REFUND_KEY: key},
        }
        with _answers():
            return _refund(self._refunds.create(values, _options(account, key)))

    def refunds(self, intent_id: str, account: str | None) -> list[StripeRefund]:
        values: Any = {"payment_intent": intent_id, "limit": 100}
        with _answers():
            found = self._refunds.list(values, _options(account))
            return [_refund(refund) for refund in found.data]

    def create_customer(self, key: str, account_id: int) -> str:
        values: Any = {"metadata": {"account": account_id}}
        with _answers():
            return self._customers.create(values, _options(None, key)).id

    def remove(self, stripe_id: str) -> None:
        try:
            if stripe_id.startswith("cus_"):
                self._customers.delete(stripe_id)
            else:
                self._cards.detach(stripe_id)
        except stripe.InvalidRequestError as error:
            # It is gone already: of no customer any more, or deleted.
            log.info("nothing to remove at Stripe", status=error.http_status, code=error.code)
        except stripe.StripeError as error:
            raise _no_answer(error) from None


@contextmanager
def _answers() -> Iterator[None]:
    """Stripe's errors as ours: a definite refusal, or no answer that one could rely on."""
    try:
        yield
    except (stripe.CardError, stripe.InvalidRequestError) as error:
        if error.http_status == 404:
            raise _unclear(error) from None
        unknown = error.code == "resource_missing" and error.param == "customer"
        raise (NoCustomer if unknown else Refused)(error.code or "refused") from None
    except UNCLEAR as error:
        raise _unclear(error) from None
    except stripe.StripeError as error:
        raise _no_answer(error) from None


def _unclear(error: Exception) -> Unclear:
    code = getattr(error, "code", None) or type(error).__name__
    log.warning("Stripe's answer is of no use", error=type(error).__name__, code=code)
    return Unclear(code)


def _no_answer(error: Exception) -> NoAnswer:
    # Only its kind and codes: Stripe's messages may quote what was sent.
    status, code = getattr(error, "http_status", None), getattr(error, "code", None)
    log.warning("Stripe does not answer", error=type(error).__name__, status=status, code=code)
    return NoAnswer(type(error).__name__)


def _options(account: str | None, key: str | None = None) -> Any:
    options = {"stripe_account": account, "idempotency_key": key}
    return {name: value for name, value in options.items() if value}


def _intent(found: Any) -> Intent:
    error = found.last_payment_error
    refusal = (getattr(error, "decline_code", None) or error.code) if error else ""
    return Intent(
        found.id,
        STATUSES[found.status],
        found.amount,
        found.amount_received,
        str(refusal),
        found.client_secret,
        _kept_card(found),
    )


def _kept_card(found: Any) -> Card | None:
    """Return the card that its customer asked to keep, where the answer describes it."""
    method = found.payment_method
    if not (found.customer and found.setup_future_usage and hasattr(method, "card")):
        return None
    return Card(method.id, method.card.brand, method.card.last4)


def _refund(found: Any) -> StripeRefund:
    failed = found.status in ("failed", "canceled")
    ours = getattr(found.metadata, REFUND_KEY, "") if found.metadata else ""
    return StripeRefund(found.id, found.amount, ours, failed)

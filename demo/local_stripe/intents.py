"""Payment intents with manual capture, their charges and refunds, in the states that Stripe has."""

from typing import Any

from localstripe.errors import UserError
from localstripe.resources import PaymentMethod, StripeObject, random_id, store

from local_stripe import customers, webhooks
from local_stripe.failure import Failure, invalid

MIN_CENTS = 50
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture")
# Stripe's own test numbers beyond those that localstripe declines.
DECLINED = {"4000000000009995": "insufficient_funds", "4000000000000069": "expired_card"}
MISSING = ("invalid_request_error", "resource_missing")
NO_AUTHENTICATION = {
    "type": "invalid_request_error",
    "code": "payment_intent_authentication_failure",
    "message": "The provided PaymentMethod has failed authentication.",
}
# What an answer describes where only its id would be said, if one asks for it.
EXPANDED = {"payment_method": PaymentMethod}


def _whole(text: Any, name: str) -> int:
    try:
        return int(text)
    except (TypeError, ValueError):
        raise invalid("parameter_invalid_integer", f"Invalid integer: {name}") from None


class Plain(StripeObject):
    """An object of ours: localstripe would write its methods into the answer too."""

    def _export(self, expand: Any = None) -> dict[str, Any]:
        shown = {name: value for name, value in vars(self).items() if name[0] != "_"}
        for name in expand or ():
            shown[name] = shown[name] and EXPANDED[name]._api_retrieve(shown[name])._export()
        return {"object": self.object} | shown


class Intent(Plain):
    """An amount that a customer is asked to authorise."""

    object = "payment_intent"
    _id_prefix = "pi_"

    def __init__(self, account: str | None = None, **asked: Any) -> None:
        amount = _whole(asked.get("amount"), "amount")
        if amount < MIN_CENTS:
            raise invalid("amount_too_small", "Amount must be at least €0.50 eur")
        if asked.get("currency") != "eur":
            raise invalid("parameter_missing", "Missing required param: currency.")
        if "customer" in asked and asked["customer"] not in customers.cards():
            message = f"No such customer: '{asked['customer']}'"
            raise Failure(400, *MISSING, message, param="customer")
        super().__init__()
        self._account = account
        self.amount, self.currency = amount, "eur"
        self.amount_capturable = self.amount_received = 0
        self.capture_method = asked.get("capture_method", "automatic")
        self.client_secret = f"{self.id}_secret_{random_id(24)}"
        self.customer = asked.get("customer")
        self.description = asked.get("description")
        self.last_payment_error: dict[str, Any] | None = None
        self.latest_charge: str | None = None
        self.metadata = asked.get("metadata") or {}
        self.next_action: dict[str, Any] | None = None
        self.payment_method: str | None = asked.get("payment_method")
        self.receipt_email = asked.get("receipt_email")
        self.setup_future_usage = asked.get("setup_future_usage")
        self.status = "requires_confirmation" if self.payment_method else "requires_payment_method"
        self.cancellation_reason: str | None = None
        webhooks.send("payment_intent.created", self)

    @classmethod
    def of(cls, intent_id: Any, account: str | None) -> "Intent":
        """An intent of this connected account; None is the platform's own. UserError 404."""
        try:
            intent = cls._api_retrieve(intent_id)
        except UserError:
            intent = None
        if intent is None or intent._account != account:
            message = f"No such payment_intent: '{intent_id}'"
            raise Failure(404, *MISSING, message, param="intent")
        return intent

    def confirm(self, method: PaymentMethod, keep: str | None = None, alone: bool = False) -> None:
        """The customer gives a card, perhaps to `keep`; Failure 402 when it is declined.

        `alone`: nobody is there to answer a bank (`error_on_requires_action`).
        """
        self._must_be("confirm", "requires_payment_method", "requires_confirmation")
        self.setup_future_usage = keep
        self.payment_method, self.last_payment_error = method.id, None
        if method._requires_authentication() and alone:
            self._decline("authentication_required", "authentication_required")
        elif method._requires_authentication():
            self.status = "requires_action"
            self.next_action = {"type": "use_stripe_sdk", "use_stripe_sdk": {}}
            webhooks.send("payment_intent.requires_action", self)
        else:
            self._authorise(method)

    def authenticate(self, success: bool) -> None:
        """The customer's bank answers (3-D Secure)."""
        self._must_be("authenticate", "requires_action")
        self.next_action = None
        if success:
            self._authorise(PaymentMethod._api_retrieve(self.payment_method))
        else:
            self._refuse(NO_AUTHENTICATION)

    def capture(self, amount: Any) -> None:
        """Take the money, all of it or less; the rest is released."""
        self._must_be("capture", "requires_capture")
        cents = self.amount_capturable if amount is None else _whole(amount, "amount_to_capture")
        if not 0 < cents <= self.amount_capturable:
            raise invalid("amount_too_large", "The amount is more than can be captured.")
        self.amount_capturable, self.amount_received = 0, cents
        self.status = "succeeded"
        webhooks.send("payment_intent.succeeded", self)

    def cancel(self, reason: str | None = None) -> None:
        """Release what was authorised; nothing can be done with it afterwards."""
        self._must_be("cancel", *OPEN)
        self.status, self.amount_capturable, self.next_action = "canceled", 0, None
        self.cancellation_reason = reason
        webhooks.send("payment_intent.canceled", self)

    def refunded(self) -> int:
        return sum(refund.amount for refund in Refund.all() if refund.payment_intent == self.id)

    def _must_be(self, what: str, *statuses: str) -> None:
        if self.status not in statuses:
            message = f"You cannot {what} this PaymentIntent because it is {self.status}."
            raise invalid("payment_intent_unexpected_state", message)

    def _authorise(self, method: PaymentMethod) -> None:
        if method._charging_is_declined() or method._attaching_is_declined():
            self._decline("card_declined", DECLINED.get(method._card_number, "generic_decline"))
        if self.customer and self.setup_future_usage:
            method.customer = self.customer
        self.latest_charge = f"ch_{random_id(24)}"
        self.status, self.amount_capturable = "requires_capture", self.amount
        if self.capture_method == "manual":
            webhooks.send("payment_intent.amount_capturable_updated", self)
        else:
            self.capture(None)

    def _decline(self, code: str, why: str) -> None:
        message = "Your card was declined."
        self._refuse({"type": "card_error", "code": code, "decline_code": why, "message": message})
        raise Failure(402, "card_error", code, message, decline_code=why)

    def _refuse(self, error: dict[str, Any]) -> None:
        self.status, self.payment_method = "requires_payment_method", None
        self.last_payment_error = dict(error)
        webhooks.send("payment_intent.payment_failed", self)


class Refund(Plain):
    """Money given back, never more than was captured."""

    object = "refund"
    _id_prefix = "re_"

    def __init__(self, account: str | None = None, **asked: Any) -> None:
        intent = Intent.of(asked.get("payment_intent"), account)
        left = intent.amount_received - intent.refunded()
        amount = _whole(asked["amount"], "amount") if asked.get("amount") else left
        if not left:
            raise invalid("charge_already_refunded", "The charge has no money to give back.")
        if not 0 < amount <= left:
            raise invalid("amount_too_large", "Refund amount is greater than unrefunded amount.")
        super().__init__()
        self.amount, self.currency, self.status = amount, "eur", "succeeded"
        self.payment_intent, self.charge = intent.id, intent.latest_charge
        self.metadata = asked.get("metadata") or {}
        webhooks.send("charge.refunded", self)

    @classmethod
    def all(cls) -> list["Refund"]:
        return [each for each in store.values() if isinstance(each, cls)]

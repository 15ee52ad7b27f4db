"""B31: an online payment as Stripe and we speak of it."""

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from ocpizza.column_types import Cents

# Stripe's least amount in euros (product.md: below it an order is paid on delivery).
MIN_CENTS: Cents = 50
# How long an order keeps its ingredients while it waits for its payment.
PAYMENT_WINDOW = timedelta(minutes=15)


class IntentStatus(StrEnum):
    """Where an intent stands at Stripe, as far as it matters here."""

    WAITING = "waiting"  # for the customer or their bank
    AUTHORISED = "authorised"
    CAPTURED = "captured"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Card:
    """A card that Stripe keeps: its id there, and what a person recognises it by."""

    id: str
    brand: str
    last4: str


@dataclass(frozen=True, slots=True)
class Intent:
    """A payment intent as Stripe has just described it; sums in cents.

    The client secret lets one browser pay it: it is shown to the customer and kept nowhere.
    `kept_card` is the card that they gave and asked to keep.
    """

    id: str
    status: IntentStatus
    amount_cents: Cents
    captured_cents: Cents = 0
    refusal: str = ""
    client_secret: str = field(default="", repr=False)
    kept_card: Card | None = None


@dataclass(frozen=True, slots=True)
class Authorisation:
    """What a customer is asked to authorise; the same `key` always means the same intent.

    `account` is the connected account of a franchised restaurant; `customer_id` is who pays, as
    Stripe names them: their cards may be kept there.
    """

    key: str
    amount_cents: Cents
    order_number: str
    email: str | None = None
    account: str | None = None
    customer_id: str | None = None


@dataclass(frozen=True, slots=True)
class StripeRefund:
    """A refund as Stripe knows it; `key` is ours, empty where it was made by hand at Stripe."""

    id: str
    amount_cents: Cents
    key: str
    failed: bool


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """An event that Stripe has signed; `intent_id` is None where it is about something else."""

    id: str
    kind: str
    object_id: str
    intent_id: str | None

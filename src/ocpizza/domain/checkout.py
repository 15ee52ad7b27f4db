"""A1, B3: what a visitor tells us to place an order, and why an order may be refused."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Self

from ocpizza.domain.hours import Span
from ocpizza.domain.item import Shortage
from ocpizza.domain.postal_address import Address
from ocpizza.models.vat import Mode


@dataclass(frozen=True, slots=True)
class Details:
    """Personal details of an order (A1); the address only counts when it is delivered."""

    mode: Mode
    contact_name: str
    phone: str | None = None
    email: str | None = None
    street: str | None = None
    complement: str | None = None
    postcode: str | None = None
    town: str | None = None
    comment: str = ""

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self | None:
        """Return the details as kept in `basket.details`, None while they are incomplete."""
        known = {field.name for field in fields(cls)}
        values = {key: value for key, value in stored.items() if key in known}
        if "mode" not in values or not values.get("contact_name"):
            return None
        return cls(**values | {"mode": Mode(values["mode"])})

    @property
    def address(self) -> Address | None:
        """Where it is delivered."""
        if self.mode is not Mode.DELIVERY or not (self.street and self.postcode and self.town):
            return None
        return Address(self.street, self.postcode, self.town, self.complement)

    def to_json(self) -> dict[str, Any]:
        """Return what to keep in `basket.details`."""
        return asdict(self)


def wished_mode(stored: dict[str, Any]) -> Mode | None:
    """Return how it is to be handed over, as far as `basket.details` says so already."""
    mode = stored.get("mode")
    return Mode(mode) if mode in set(Mode) else None


class OrderRefused(Exception):
    """The order cannot be placed as it is; nothing was changed."""


class StaleCheckout(OrderRefused):
    """The form is of an order that this basket knows nothing of; show the basket again."""


class NothingOrdered(OrderRefused):
    """The basket is empty (« Votre panier est vide »)."""


class PizzaMissing(OrderRefused):
    """A web or phone order holds at least one pizza."""


class LinesGone(OrderRefused):
    """Something in the basket is not on the menu any more."""


class DetailsMissing(OrderRefused):
    """Who the order is for, or where it goes, is not known yet."""


@dataclass
class RestaurantClosed(OrderRefused):
    """Closed `now`; `opens_at` is the next opening (UTC), if there is one in a week."""

    opens_at: datetime | None
    now: datetime


@dataclass
class OnlineOrdersPaused(OrderRefused):
    """No orders from the web `now`, until `resumes_at` (UTC); `reason` is the restaurant's own."""

    resumes_at: datetime
    reason: str
    now: datetime


@dataclass
class AlcoholNotSold(OrderRefused):
    """Alcohol is sold in these hours only; None: the restaurant has no licence for it."""

    hours: Span | None


class AgeNotConfirmed(OrderRefused):
    """There is alcohol in it, and its customer has not said that they are 18."""


@dataclass
class PostcodeNotServed(OrderRefused):
    """The restaurant does not deliver there."""

    postcode: str


@dataclass
class BelowMinimum(OrderRefused):
    """Too little for a delivery: `missing_cents` more would do."""

    minimum_cents: int
    missing_cents: int


@dataclass
class TotalChanged(OrderRefused):
    """A price has changed since the page was shown; `total_cents` is today's total."""

    total_cents: int


class PayOnline(OrderRefused):
    """So much is paid online before anybody begins."""


class PayOthersFirst(OrderRefused):
    """Other orders of the same visitor wait for their payment."""


class HeldInVain(OrderRefused):
    """Too much was held for the same visitor just now, and never paid."""


class CallPending(OrderRefused):
    """The counter has still to call about another order of the same visitor."""


class CallRestaurant(OrderRefused):
    """So much is ordered by telephone."""


@dataclass
class OutOfStock(OrderRefused):
    """What the stock cannot make, item by item, with what is left."""

    shortages: list[Shortage]


class TooLittleForCard(OrderRefused):
    """Below Stripe's minimum an order is paid on delivery."""


class CustomerGone(OrderRefused):
    """The customer's account was erased or closed meanwhile."""

"""What is asked of whoever takes online payments."""

from typing import Protocol

from ocpizza.column_types import Cents
from ocpizza.domain.payment import Authorisation, Intent, StripeRefund


class NoAnswer(Exception):
    """Nobody knows whether it was done: it may be asked again, and must be if it matters."""


class Unclear(NoAnswer):
    """It was answered, but nothing that one could rely on: of this one alone nobody knows.

    The message is a code for why. Others may be asked meanwhile: somebody is there.
    """


class Refused(Exception):
    """It was definitely not done; the message is Stripe's code for why."""


class NoCustomer(Refused):
    """The customer is unknown at Stripe: somebody deleted them there."""


class Gateway(Protocol):
    """Online payments. Every call may raise NoAnswer or Refused.

    `account` is the connected account that the intent belongs to, None for the group's own.
    """

    available: bool

    def create(self, asked: Authorisation) -> Intent:
        """Return the intent for this key, made if there is none yet."""

    def fetch(self, intent_id: str, account: str | None) -> Intent:
        """Return the intent as it is now."""

    def confirm(self, intent_id: str, card_id: str, key: str) -> Intent:
        """Have a saved card pay an intent of the group's own.

        Refused where the bank first wants to ask the customer themselves.
        """

    def capture(self, intent_id: str, cents: Cents, key: str, account: str | None) -> Intent:
        """Take `cents` of what was authorised and release the rest."""

    def cancel(self, intent_id: str, key: str, account: str | None) -> Intent:
        """Release what was authorised; the intent is of no use afterwards."""

    def refund(self, intent_id: str, cents: Cents, key: str, account: str | None) -> StripeRefund:
        """Give back `cents` of what was captured."""

    def refunds(self, intent_id: str, account: str | None) -> list[StripeRefund]:
        """Return what was given back of an intent, whoever did it."""

    def create_customer(self, key: str, account_id: int) -> str:
        """Return the id of a customer whose cards may be kept.

        Of their person Stripe is told nothing.
        """

    def remove(self, stripe_id: str) -> None:
        """Delete a customer with all their cards, or take one card from its customer."""


class NullGateway:
    """Takes no payments, where no keys are set; what was begun earlier waits for them."""

    available = False

    def _no_keys(self, *_: object) -> Intent:
        raise NoAnswer("no keys of Stripe are set")

    create = fetch = confirm = capture = cancel = _no_keys

    def refund(self, *_: object) -> StripeRefund:
        raise NoAnswer("no keys of Stripe are set")

    def refunds(self, *_: object) -> list[StripeRefund]:
        raise NoAnswer("no keys of Stripe are set")

    def create_customer(self, *_: object) -> str:
        raise NoAnswer("no keys of Stripe are set")

    def remove(self, *_: object) -> None:
        raise NoAnswer("no keys of Stripe are set")

"""How much one visitor may have ordered and not paid at a restaurant, before somebody calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from ocpizza.column_types import Cents
from ocpizza.domain.checkout import Details
from ocpizza.domain.client_address import UNKNOWN
from ocpizza.domain.item import Item
from ocpizza.models.product import Kind

# One address may be that of a whole house, or of many telephones.
PEOPLE_BEHIND_A_NETWORK = 3
# Beyond so many times the limit nothing is held that is not paid, whoever promises to pay.
MAX_TIMES, MAX_TIMES_OF_NETWORK = 3, 6
# What was held so and never paid counts for a while: once more, then not so much any more.
MAX_IN_VAIN = 2 * MAX_TIMES
REMEMBERED = timedelta(hours=3)
CALL_WITHIN = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where somebody orders from, the limits there, and whether they could pay online instead."""

    network: str
    limit_cents: Cents
    limit_pizzas: int
    may_pay_online: bool

    @property
    def known_network(self) -> str | None:
        return None if self.network == UNKNOWN else self.network


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who orders: what they said, their account, and where from; colleagues are no visitors."""

    details: Details
    account_id: int | None
    visitor: Visitor | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What an order holds while it is not paid; whether its payment is awaited online."""

    cents: Cents
    pizzas: int
    awaits_payment: bool = False


def exceeded(visitor: Visitor, asked: Iterable[Asked], times: int = 1) -> bool:
    """Return whether these orders together are more than so many times the limit."""
    held = list(asked)
    cents, pizzas = sum(one.cents for one in held), sum(one.pizzas for one in held)
    return cents > times * visitor.limit_cents or pizzas > times * visitor.limit_pizzas


def pizzas_of(lines: Iterable[tuple[Item, int]]) -> int:
    return sum(number for item, number in lines if item.kind is Kind.PIZZA)

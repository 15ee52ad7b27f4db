"""UC4.5: how many of each pizza a kitchen has still to make, all orders together."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from ocpizza.domain.sorting import reading_order
from ocpizza.models.product import Kind


class Line(Protocol):
    """A line of an order."""

    @property
    def kind(self) -> Kind: ...
    @property
    def name(self) -> str: ...
    @property
    def quantity(self) -> int: ...


class ToMake(NamedTuple):
    """So many pizzas of one recipe, of whatever size and with whatever options."""

    quantity: int
    name: str


def to_make(lines: Iterable[Line]) -> list[ToMake]:
    """Return what these lines hold of pizzas, the most first."""
    sums: Counter[str] = Counter()
    for line in lines:
        if line.kind is Kind.PIZZA:
            sums[line.name] += line.quantity
    found = (ToMake(quantity, name) for name, quantity in sums.items())
    return sorted(found, key=lambda each: (-each.quantity, reading_order(each.name)))

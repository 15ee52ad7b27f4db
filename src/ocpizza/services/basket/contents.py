"""B1: what a basket holds, by today's menu."""

from dataclasses import dataclass

from ocpizza.domain.agreement import Agreement
from ocpizza.domain.item import Item, UnknownItem, resolve
from ocpizza.domain.menu import Menu
from ocpizza.domain.selection import Selection
from ocpizza.models.basket import Basket, BasketLine


@dataclass(frozen=True, slots=True)
class Contents:
    """What is in a basket by today's menu; `gone` are the lines that nobody sells any more.

    A line that changes an order may hold two `portions`: what was ordered, and what is new.
    """

    portions: tuple[tuple[BasketLine, Item, int], ...]
    gone: tuple[BasketLine, ...]

    @property
    def items(self) -> list[tuple[Item, int]]:
        """The items with their quantities, for prices, needs and shortages."""
        return [(item, quantity) for _, item, quantity in self.portions]


def contents(basket: Basket, menu: Menu, agreement: Agreement | None = None) -> Contents:
    """Return the basket's lines as items of this menu, at the prices of the order it changes."""
    portions: list[tuple[BasketLine, Item, int]] = []
    gone = []
    for line in basket.lines:
        try:
            item = resolve(Selection.parse(line.selection), menu)
        except UnknownItem:
            gone.append(line)
            continue
        split = agreement.portions(item, line.quantity) if agreement else [(item, line.quantity)]
        portions += [(line, portion, quantity) for portion, quantity in split]
    return Contents(tuple(portions), tuple(gone))

"""B1: put things in the basket, change how many, take them out."""

from collections.abc import Sequence

from ocpizza.domain.item import Shortage, resolve, shortages
from ocpizza.domain.menu import Menu
from ocpizza.domain.selection import Chosen
from ocpizza.models.basket import MAX_LINES, MAX_QUANTITY, Basket, BasketLine
from ocpizza.models.product import Kind
from ocpizza.services.basket.contents import contents


class BasketFull(ValueError):
    """More lines, or more of one line, than a basket holds."""


class OtherRestaurant(ValueError):
    """The basket already holds items of another restaurant."""


class LastPizza(ValueError):
    """An order that is changed keeps at least one pizza (UC1.3)."""


def add_item(
    basket: Basket,
    restaurant_id: int,
    menu: Menu,
    chosen: Chosen,
    *,
    replace: bool = False,
) -> Shortage | None:
    """Put what was chosen in, or as many of it as today's stock still makes.

    With `replace` they take the place of all that was in it, unless there are none to be had.
    Gives the shortage when that is fewer; the order itself takes the stock. Raises UnknownItem,
    OtherRestaurant and BasketFull, with the basket as it was.
    """
    elsewhere = bool(basket.lines) and basket.restaurant_id != restaurant_id
    if elsewhere and (not replace or basket.changes_order_id):
        raise OtherRestaurant
    selection = chosen.selection
    item = resolve(selection, menu)
    line = next((line for line in basket.lines if line.selection == selection.text), None)
    before = line.quantity if line and not replace else 0
    wanted = chosen.quantity + before
    full = line is None and not replace and len(basket.lines) >= MAX_LINES
    if wanted > MAX_QUANTITY or full:
        raise BasketFull
    shortage = next(iter(shortages([(item, wanted)], menu.stock)), None)
    possible = shortage.left if shortage else wanted
    if replace:
        if not possible:
            return shortage
        drop_lines(basket, [other for other in basket.lines if other is not line])
    basket.restaurant_id = restaurant_id
    if line:
        line.quantity = max(possible, before)
    elif possible:
        basket.lines.append(BasketLine(selection=selection.text, quantity=possible))
    return shortage


def set_quantity(basket: Basket, line_id: int, quantity: int) -> None:
    """Change a line's quantity; none removes it. A line that is already gone stays gone."""
    if quantity > MAX_QUANTITY:
        raise BasketFull
    line = next((line for line in basket.lines if line.id == line_id), None)
    if line is None:
        return
    if quantity == 0:
        basket.lines.remove(line)
    else:
        line.quantity = quantity


def refuse_last_pizza(basket: Basket, menu: Menu, line_id: int) -> None:
    """Refuse to take a line out of a basket that changes an order when no pizza stays in it.

    Raises LastPizza.
    """
    rest = [item for line, item, _ in contents(basket, menu).portions if line.id != line_id]
    if basket.changes_order_id and not any(item.kind is Kind.PIZZA for item in rest):
        raise LastPizza


def drop_lines(basket: Basket, lines: Sequence[BasketLine]) -> None:
    """Take these lines out of the basket."""
    for line in lines:
        basket.lines.remove(line)

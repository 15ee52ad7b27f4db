"""B1: change what a line of the basket is, or put one back that was taken out by mistake."""

from ocpizza.domain.item import Shortage, resolve, shortages
from ocpizza.domain.menu import Menu
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.models.basket import MAX_LINES, MAX_QUANTITY, Basket, BasketLine
from ocpizza.services.basket.lines import BasketFull


class LineGone(LookupError):
    """The line is not in this basket (any more)."""


class LineChanged(ValueError):
    """The line is not what it was when the page was made; `state` is what it is now."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def line_of(basket: Basket | None, restaurant_id: int, line_id: int | None) -> BasketLine:
    """Return the line of this basket, at this restaurant. Raises LineGone."""
    here = basket.lines if basket and basket.restaurant_id == restaurant_id else []
    line = next((line for line in here if line.id == line_id), None)
    if line is None:
        raise LineGone
    return line


def state_of(line: BasketLine) -> str:
    """Return what a line is: another text as soon as anything of it has changed."""
    return f"{line.quantity} {line.selection}"


def replace_line(
    basket: Basket, line: BasketLine, before: str, menu: Menu, chosen: Chosen
) -> Shortage | None:
    """Make a line of the basket something else; it joins the line that is the same already.

    Gives the shortage when today's stock makes fewer; when it makes none, nothing was changed.
    Raises LineChanged, UnknownItem and BasketFull, with the basket as it was.
    """
    if state_of(line) != before:
        raise LineChanged(state_of(line))
    selection = chosen.selection
    item = resolve(selection, menu)
    same = _same(basket, selection)
    other = same if same is not line else None
    wanted = chosen.quantity + (other.quantity if other else 0)
    if wanted > MAX_QUANTITY:
        raise BasketFull
    shortage = next(iter(shortages([(item, wanted)], menu.stock)), None)
    if shortage and not shortage.left:
        return shortage
    if other:
        basket.lines.remove(line)
    kept = other or line
    kept.selection, kept.quantity = selection.text, shortage.left if shortage else wanted
    return shortage


def restore_line(basket: Basket, menu: Menu, removed: Chosen) -> None:
    """Put a line back that was just taken out, whatever the stock: the basket will say.

    Raises UnknownItem and BasketFull, with the basket as it was.
    """
    selection, quantity = removed.selection, removed.quantity
    resolve(selection, menu)
    line = _same(basket, selection)
    if quantity + (line.quantity if line else 0) > MAX_QUANTITY:
        raise BasketFull
    if line:
        line.quantity += quantity
        return
    if len(basket.lines) >= MAX_LINES:
        raise BasketFull
    basket.lines.append(BasketLine(selection=selection.text, quantity=quantity))


def _same(basket: Basket, selection: Selection) -> BasketLine | None:
    return next((line for line in basket.lines if line.selection == selection.text), None)

"""UC3.1: order the same again, with today's menu, prices and stock, and say what is different."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ocpizza.column_types import Cents
from ocpizza.domain.item import Item, UnknownItem, resolve, shortages
from ocpizza.domain.menu import Menu
from ocpizza.domain.selection import Part, Selection
from ocpizza.models.basket import MAX_QUANTITY
from ocpizza.models.ingredient import Ingredient


@dataclass(frozen=True, slots=True)
class OrderedLine:
    """A line as it was ordered; `ingredients` are those of its options by id."""

    name: str
    size_name: str
    quantity: int
    unit_price_cents: Cents
    selection: Selection
    ingredients: Mapping[int, Ingredient]
    size_name_en: str = ""


@dataclass(frozen=True, slots=True)
class RepeatedLine:
    """What becomes of an ordered line today.

    `item` is None when it is not sold any more. `lost_extras` cannot be added any more or today;
    `forced` could be left out and cannot any more: it is on it again.
    """

    ordered: OrderedLine
    item: Item | None
    quantity: int = 0
    lost_extras: tuple[Ingredient, ...] = ()
    forced: tuple[Ingredient, ...] = ()

    @property
    def dearer_by_cents(self) -> Cents:
        """What one of it costs more than then, negative where it costs less."""
        if self.item is None or not self.quantity:
            return 0
        return self.item.unit_price_cents - self.ordered.unit_price_cents

    @property
    def same(self) -> bool:
        """Whether nothing about it has changed."""
        options = self.lost_extras or self.forced
        return self.quantity == self.ordered.quantity and not options and not self.dearer_by_cents


@dataclass(frozen=True, slots=True)
class Repeat:
    """An order's lines as they can be had today."""

    lines: tuple[RepeatedLine, ...]

    @property
    def wanted(self) -> dict[str, int]:
        """What to put into a basket: the text of each selection, and how many."""
        wanted: dict[str, int] = {}
        for line in self.lines:
            if line.item and line.quantity:
                text = line.item.selection.text
                wanted[text] = min(wanted.get(text, 0) + line.quantity, MAX_QUANTITY)
        return wanted

    @property
    def changes(self) -> list[RepeatedLine]:
        """The lines that are not what they were."""
        return [line for line in self.lines if not line.same]

    @property
    def then_cents(self) -> Cents:
        """What the lines cost then."""
        return sum(line.ordered.unit_price_cents * line.ordered.quantity for line in self.lines)

    @property
    def now_cents(self) -> Cents:
        """What can be had of them costs today."""
        return sum(line.item.unit_price_cents * line.quantity for line in self.lines if line.item)


def repeat(ordered: Sequence[OrderedLine], menu: Menu) -> Repeat:
    """Return the same again, as far as this menu and its stock go, served in the order of the
    lines.
    """
    lines = [_today(line, menu) for line in ordered]
    wanted = [(line.item, line.ordered.quantity) for line in lines if line.item]
    short = {id(found.item): found.left for found in shortages(wanted, menu.stock)}
    return Repeat(
        tuple(
            replace(line, quantity=short.get(id(line.item), line.ordered.quantity))
            if line.item
            else line
            for line in lines
        )
    )


def _today(line: OrderedLine, menu: Menu) -> RepeatedLine:
    parts, lost, forced = [], [], []
    for part in line.selection.parts:
        possible, gone, stuck = _possible(part, menu)
        parts.append(possible)
        lost += [line.ingredients[id] for id in gone]
        forced += [line.ingredients[id] for id in stuck]
    try:
        item = resolve(Selection(tuple(parts)), menu)
    except UnknownItem:
        return RepeatedLine(line, None)
    return RepeatedLine(line, item, lost_extras=tuple(lost), forced=tuple(forced))


def _possible(part: Part, menu: Menu) -> tuple[Part, list[int], list[int]]:
    """Return the part with the options that there are today, the extras lost, and what is on it
    again.
    """
    if part.size_id not in menu.assortment.by_size:
        return part, [], []
    product, _size = menu.assortment.by_size[part.size_id]
    on_it = {component.ingredient.id: component for component in product.composition}
    offered = {extra.ingredient.id for extra in product.extras if menu.can_add(extra)}
    without = tuple(id for id in part.without if id in on_it and on_it[id].removable)
    extras = tuple(id for id in part.extras if id in offered)
    lost = [id for id in part.extras if id not in offered]
    forced = [id for id in part.without if id in on_it and not on_it[id].removable]
    return Part(part.size_id, without, extras), lost, forced

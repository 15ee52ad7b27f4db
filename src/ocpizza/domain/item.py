"""Selections made sense of by a menu: what they are, cost, contain and take from the stock."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ocpizza.column_types import Cents
from ocpizza.domain.menu import Component, Extra, Menu, MenuIngredient, MenuProduct, Size, in_order
from ocpizza.domain.money import divide_half_up
from ocpizza.domain.selection import Part, Selection
from ocpizza.models.ingredient import Allergen
from ocpizza.models.product import Kind


class UnknownItem(LookupError):
    """The selection is not of this menu: another restaurant's, withdrawn, or invented."""


class UnknownOption(UnknownItem):
    """Ingredients that this product has not got, or that stay on it, or are not added to it."""


class ConflictingOptions(UnknownItem):
    """The ingredients `ingredient_ids` are to be left out and added at the same time."""

    def __init__(self, ingredient_ids: list[int]) -> None:
        super().__init__(ingredient_ids)
        self.ingredient_ids = ingredient_ids


@dataclass(frozen=True, slots=True)
class ItemPart:
    """A part with the product, size and ingredients that its ids stand for."""

    product: MenuProduct
    size: Size
    base: tuple[Component, ...]
    without: tuple[Component, ...]
    extras: tuple[Extra, ...]

    @property
    def used(self) -> list[Component | Extra]:
        """What is really on it, with quantities."""
        return [*self.base, *self.extras]

    @property
    def ingredients(self) -> list[MenuIngredient]:
        """The ingredients that are really on it."""
        return [used.ingredient for used in self.used]

    def extra_price(self, extra: Extra) -> int:
        """Return an extra's price for this size in cents, rounded to ten: nobody wants 2.04 €."""
        return 10 * divide_half_up(extra.price_cents * self.size.factor_percent, 1000)


@dataclass(frozen=True)
class Item:
    """Something that can be put in a basket: one whole product, or two halves of a pizza."""

    selection: Selection
    parts: tuple[ItemPart, ...]
    # What was agreed when it was ordered: a line left alone keeps its price (UC1.3).
    agreed_price_cents: Cents | None = None

    @property
    def kind(self) -> Kind:
        return self.parts[0].product.kind

    @property
    def name(self) -> str:
        """« Regina », or « Regina / Savoyarde » for two halves."""
        return " / ".join(part.product.name for part in self.parts)

    @property
    def slug(self) -> str:
        """The product's, or nothing for two halves: no picture shows both."""
        return self.parts[0].product.slug if len(self.parts) == 1 else ""

    @property
    def photo(self) -> str:
        """The digest of the product's photo, if it has one; of two halves, none."""
        return self.parts[0].product.photo if len(self.parts) == 1 else ""

    @property
    def size(self) -> Size:
        return self.parts[0].size

    @cached_property
    def unit_price_cents(self) -> int:
        """The price agreed before, or today's: the dearer half's, plus the extras."""
        if self.agreed_price_cents is not None:
            return self.agreed_price_cents
        extras = sum(part.extra_price(extra) for part in self.parts for extra in part.extras)
        return max(part.size.price_cents for part in self.parts) + extras

    @property
    def alcohol(self) -> bool:
        return any(part.product.alcohol for part in self.parts)

    @property
    def allergens(self) -> list[Allergen]:
        """Computed from what is really on it, options included."""
        return in_order(ingredient for part in self.parts for ingredient in part.ingredients)

    @property
    def with_meat(self) -> list[MenuIngredient]:
        """What is really on it whose origin is told, each once."""
        used = {one.id: one for part in self.parts for one in part.ingredients if one.meats}
        return list(used.values())

    @property
    def picture_codes(self) -> list[str]:
        """The ingredients that its picture is drawn from."""
        return sorted({used.code for part in self.parts for used in part.ingredients})

    @cached_property
    def needs(self) -> Counter[int]:
        """What one of it takes from the stock: ingredient id → quantity, rounded up per part."""
        needs: Counter[int] = Counter()
        for part in self.parts:
            for used in part.used:
                quantity = part.size.quantity_of(used.quantity, len(self.parts))
                needs[used.ingredient.id] += quantity
        return needs

    @property
    def on_sale(self) -> bool:
        """Whether every part is offered at all, whatever the stock, or was ordered already."""
        return self.agreed_price_cents is not None or all(
            part.product.available for part in self.parts
        )


def resolve(selection: Selection, menu: Menu) -> Item:
    """Return the item that a selection stands for on this menu; raises UnknownItem."""
    parts = tuple(_resolve_part(part, menu) for part in selection.parts)
    codes = {part.size.code for part in parts}
    if not 1 <= len(parts) <= 2 or len(codes) != 1:
        raise UnknownItem(selection.text)
    if len(parts) == 2 and any(part.product.kind is not Kind.PIZZA for part in parts):
        raise UnknownItem(selection.text)
    return Item(selection, parts)


def _resolve_part(part: Part, menu: Menu) -> ItemPart:
    if part.size_id not in menu.assortment.by_size:
        raise UnknownItem(part)
    product, size = menu.assortment.by_size[part.size_id]
    removable = {c.ingredient.id: c for c in product.composition if c.removable}
    offered = {extra.ingredient.id: extra for extra in product.extras}
    try:
        without = tuple(removable[id] for id in part.without)
        extras = tuple(offered[id] for id in part.extras)
    except KeyError:
        raise UnknownOption(part) from None
    if both := sorted(set(part.without) & set(part.extras)):
        raise ConflictingOptions(both)
    base = tuple(component for component in product.composition if component not in without)
    return ItemPart(product, size, base, without, extras)


@dataclass(frozen=True, slots=True)
class Shortage:
    """An item of which fewer can be made than were asked for."""

    item: Item
    wanted: int
    left: int


def total_needs(lines: Sequence[tuple[Item, int]]) -> Counter[int]:
    """Return what these items and their numbers take together: ingredient id → quantity."""
    needs: Counter[int] = Counter()
    for item, number in lines:
        for ingredient_id, quantity in item.needs.items():
            needs[ingredient_id] += quantity * number
    return needs


def shortages(lines: Sequence[tuple[Item, int]], stock: Mapping[int, int]) -> list[Shortage]:
    """Return every item that `stock` cannot make as often as wanted, served in the order of the
    lines.

    Bringing each of them down to its `left` makes the rest feasible.
    """
    remaining = dict(stock)
    found = []
    for item, wanted in lines:
        possible = _possible(item, remaining) if item.on_sale else 0
        number = min(wanted, possible)
        for ingredient_id, quantity in item.needs.items():
            remaining[ingredient_id] = remaining.get(ingredient_id, 0) - quantity * number
        if number < wanted:
            found.append(Shortage(item, wanted, number))
    return found


def _possible(item: Item, stock: Mapping[int, int]) -> int:
    return min(
        (stock.get(ingredient_id, 0) // quantity for ingredient_id, quantity in item.needs.items()),
        default=0,
    )

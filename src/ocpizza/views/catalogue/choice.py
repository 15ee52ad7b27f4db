"""What is chosen on a product's page, right or wrong, and what it makes of the product."""

from collections.abc import Iterator
from dataclasses import dataclass

from ocpizza.domain.item import Item, resolve, shortages
from ocpizza.domain.menu import Extra, Menu, MenuIngredient, MenuProduct, Size
from ocpizza.domain.selection import Selection
from ocpizza.forms.choice import ChoiceForm
from ocpizza.models.basket import MAX_QUANTITY


@dataclass(frozen=True)
class Dose:
    """One ingredient of the page: what may be done with it, and what is."""

    ingredient: MenuIngredient
    removable: bool
    extra: Extra | None
    without: bool
    added: bool


@dataclass(frozen=True)
class Choice:
    """The item that is chosen, as far as it can be made out; `left` is set where it is short."""

    product: MenuProduct
    item: Item
    quantity: int
    left: int | None
    doses: tuple[Dose, ...]

    @property
    def size(self) -> Size:
        return self.item.size

    @property
    def total_cents(self) -> int:
        return self.item.unit_price_cents * self.quantity

    @property
    def leaves_out(self) -> list[Dose]:
        """The ingredients that may only be left out."""
        return [dose for dose in self.doses if dose.removable and not dose.extra]

    @property
    def adds(self) -> list[Dose]:
        """The ingredients that may only be added."""
        return [dose for dose in self.doses if dose.extra and not dose.removable]

    @property
    def either(self) -> list[Dose]:
        """The ingredients that may be left out as well as added, but not both."""
        return [dose for dose in self.doses if dose.removable and dose.extra]

    def extra_price(self, dose: Dose) -> int:
        """Return what adding it costs in the size that is chosen."""
        return self.item.parts[0].extra_price(dose.extra) if dose.extra else 0


def first_size(product: MenuProduct, menu: Menu) -> Size:
    """Return the size that is chosen before anybody chooses: the default one, or one that can be
    made.
    """
    sizes = (product.default_size, *product.sizes)
    return next((size for size in sizes if menu.feasible(product, size)), product.default_size)


def choice_of(product: MenuProduct, menu: Menu, form: ChoiceForm) -> Choice:
    """Return what the form says of this product; what it says wrong counts as not said."""
    size = next((one for one in product.sizes if one.id == form.size.data), None)
    doses = tuple(_doses(product, form))
    without = [dose.ingredient.id for dose in doses if dose.without and not dose.added]
    extras = [dose.ingredient.id for dose in doses if dose.added and not dose.without]
    selection = Selection.of((size or first_size(product, menu)).id, without, extras)
    item = resolve(selection, menu)
    quantity = form.quantity.data or 1
    quantity = quantity if 1 <= quantity <= MAX_QUANTITY else 1
    short = next(iter(shortages([(item, quantity)], menu.stock)), None)
    return Choice(product, item, quantity, short.left if short else None, doses)


def _doses(product: MenuProduct, form: ChoiceForm) -> Iterator[Dose]:
    offered = {extra.ingredient.id: extra for extra in product.extras}
    without, added = set(form.without.data), set(form.extra.data)
    for component in product.composition:
        id = component.ingredient.id
        if component.removable or id in offered:
            left_out = component.removable and id in without
            yield Dose(
                component.ingredient,
                component.removable,
                offered.pop(id, None),
                left_out,
                id in added,
            )
    for id, extra in offered.items():
        yield Dose(extra.ingredient, False, extra, False, id in added)

"""A restaurant's menu today: products, sizes, compositions, and what the stock allows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ocpizza.models.ingredient import Allergen, Unit
from ocpizza.models.product import Kind
from ocpizza.models.vat import VatClass

NEARLY_GONE = 5


@dataclass(frozen=True, slots=True)
class MenuIngredient:
    """An ingredient and how much of it the restaurant has, in its unit."""

    id: int
    code: str
    name: str
    unit: Unit
    allergens: frozenset[Allergen]
    in_stock: int


@dataclass(frozen=True, slots=True)
class Component:
    """An ingredient of a product, for a factor of 100 %."""

    ingredient: MenuIngredient
    quantity: int
    removable: bool


@dataclass(frozen=True, slots=True)
class Extra:
    """An ingredient that may be added, for a factor of 100 %, and its price."""

    ingredient: MenuIngredient
    quantity: int
    price_cents: int


@dataclass(frozen=True, slots=True)
class Size:
    """A size at this restaurant's price."""

    id: int
    code: str
    name: str
    price_cents: int
    factor_percent: int
    is_default: bool

    def quantity_of(self, quantity: int, parts: int = 1) -> int:
        """What this size takes of a quantity given for 100 %, rounded up for each part."""
        return -(-quantity * self.factor_percent // (100 * parts))


@dataclass(frozen=True)
class MenuProduct:
    """A product as this restaurant sells it."""

    id: int
    kind: Kind
    slug: str
    name: str
    description: str
    vat_class: VatClass
    available: bool
    sizes: tuple[Size, ...]
    composition: tuple[Component, ...]
    extras: tuple[Extra, ...] = ()

    @cached_property
    def default_size(self) -> Size:
        """The size that « il en reste » speaks of."""
        return next((size for size in self.sizes if size.is_default), self.sizes[0])

    @cached_property
    def allergens(self) -> list[Allergen]:
        """Those of its ingredients, in the order of the regulation."""
        return in_order(component.ingredient for component in self.composition)

    @property
    def picture_codes(self) -> list[str]:
        """The ingredients that its picture is drawn from."""
        return sorted(component.ingredient.code for component in self.composition)

    def feasible(self, size: Size) -> int:
        """How many of this size today's stock makes (UC4.4), 0 when it is not on sale."""
        return self._feasible[size.id]

    @cached_property
    def _feasible(self) -> dict[int, int]:
        needs = [(each.ingredient.in_stock, each.quantity) for each in self.composition]
        return {
            size.id: min((stock // size.quantity_of(need) for stock, need in needs), default=0)
            if self.available
            else 0
            for size in self.sizes
        }

    @property
    def left(self) -> int:
        """How many of the default size can still be made."""
        return self.feasible(self.default_size)

    @property
    def orderable(self) -> bool:
        """Whether any size can be made today."""
        return any(self.feasible(size) for size in self.sizes)

    @property
    def nearly_gone(self) -> bool:
        """Whether to say how many are left."""
        return 0 < self.left <= NEARLY_GONE


def in_order(ingredients: Iterable[MenuIngredient]) -> list[Allergen]:
    """The allergens of these ingredients, in the order of the regulation."""
    present = {allergen for ingredient in ingredients for allergen in ingredient.allergens}
    return [allergen for allergen in Allergen if allergen in present]


@dataclass(frozen=True)
class Menu:
    """The products of one restaurant, in the order in which they are shown."""

    products: tuple[MenuProduct, ...]
    by_size: Mapping[int, tuple[MenuProduct, Size]] = field(init=False)

    def __post_init__(self) -> None:
        by_size = {size.id: (product, size) for product in self.products for size in product.sizes}
        object.__setattr__(self, "by_size", by_size)

    def of_kind(self, kind: Kind) -> list[MenuProduct]:
        """The products on one shelf."""
        return [product for product in self.products if product.kind is kind]

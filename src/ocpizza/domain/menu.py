"""What a restaurant sells, and which of it today's stock allows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from ocpizza.domain.meat import Meats
from ocpizza.models.ingredient import Allergen, Diet, Unit
from ocpizza.models.product import Kind
from ocpizza.models.vat import VatClass

NEARLY_GONE = 5
NEW = timedelta(days=42)
# Of so many pizzas that a restaurant sold lately its own taste is known; until then the chain's.
KNOWN_TASTE = 100
MOST_ORDERED = 5


@dataclass(frozen=True, slots=True)
class MenuIngredient:
    """An ingredient, counted in its unit."""

    id: int
    code: str
    name: str
    unit: Unit
    allergens: frozenset[Allergen]
    name_en: str = ""
    short_name: str = ""
    short_name_en: str = ""
    diet: Diet | None = None
    spicy: bool = False
    # As they come to this restaurant.
    meats: Meats = ()


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
    name_en: str = ""

    def quantity_of(self, quantity: int, parts: int = 1) -> int:
        """Return what this size takes of a quantity given for 100 %, rounded up for each part."""
        return -(-quantity * self.factor_percent // (100 * parts))


@dataclass(frozen=True, eq=False)
class MenuProduct:
    """A product as this restaurant sells it; compared and hashed by identity, which is quick."""

    id: int
    kind: Kind
    slug: str
    name: str
    description: str
    recipe: str
    vat_class: VatClass
    available: bool
    sizes: tuple[Size, ...]
    composition: tuple[Component, ...]
    extras: tuple[Extra, ...] = ()
    description_en: str = ""
    # The digest of the photo that shows it; without one it is drawn.
    photo: str = ""
    on_menu_since: date | None = None
    # How many were sold lately, here and in all restaurants.
    sold: int = 0
    sold_anywhere: int = 0

    def is_new(self, today: date) -> bool:
        """Return whether it came on the menu a short while ago."""
        return self.on_menu_since is not None and today - self.on_menu_since < NEW

    @property
    def alcohol(self) -> bool:
        """Whether it is for adults, and sold under a licence."""
        return self.vat_class is VatClass.ALCOHOL

    @cached_property
    def default_size(self) -> Size:
        """The size that « il en reste » speaks of."""
        return next((size for size in self.sizes if size.is_default), self.sizes[0])

    @cached_property
    def needs(self) -> dict[int, list[tuple[int, int]]]:
        """What one of each size takes: size id → (ingredient id, quantity)."""
        return {
            size.id: [(c.ingredient.id, size.quantity_of(c.quantity)) for c in self.composition]
            for size in self.sizes
        }

    @cached_property
    def allergens(self) -> list[Allergen]:
        """Those of its ingredients, in the order of the regulation."""
        return in_order(component.ingredient for component in self.composition)

    @cached_property
    def with_meat(self) -> list[MenuIngredient]:
        """Those of its ingredients whose origin is told."""
        return [one.ingredient for one in self.composition if one.ingredient.meats]

    @cached_property
    def picture_codes(self) -> list[str]:
        """The ingredients that its picture is drawn from."""
        return sorted(component.ingredient.code for component in self.composition)


def in_order(ingredients: Iterable[MenuIngredient]) -> list[Allergen]:
    """Return the allergens of these ingredients, in the order of the regulation."""
    present = {allergen for ingredient in ingredients for allergen in ingredient.allergens}
    return [allergen for allergen in Allergen if allergen in present]


@dataclass(frozen=True)
class Assortment:
    """The products of one restaurant, in the order in which they are shown, whatever the stock."""

    products: tuple[MenuProduct, ...]

    @cached_property
    def by_size(self) -> dict[int, tuple[MenuProduct, Size]]:
        """The product and size that a size's id stands for."""
        return {size.id: (product, size) for product in self.products for size in product.sizes}

    @cached_property
    def plenty(self) -> dict[int, int]:
        """What stock lets every page show the same: ingredient id → quantity in its unit.

        With so much of each, whatever is on sale can be made, and no page says how many are left.
        """
        enough: dict[int, int] = {}
        for product in self.products:
            for size in product.sizes if product.available else ():
                times = NEARLY_GONE + 1 if size is product.default_size else 1
                for id, quantity in product.needs[size.id]:
                    enough[id] = max(enough.get(id, 0), times * quantity)
        return enough

    @cached_property
    def most_ordered(self) -> frozenset[int]:
        """The pizzas that are ordered most, by id: here, or anywhere while too few were here."""
        pizzas = [product for product in self.products if product.kind is Kind.PIZZA]
        known = sum(pizza.sold for pizza in pizzas) >= KNOWN_TASTE
        sold = {pizza.id: pizza.sold if known else pizza.sold_anywhere for pizza in pizzas}
        if sum(sold.values()) < KNOWN_TASTE:
            return frozenset()
        ordered = sorted(filter(lambda id: sold[id], sold), key=lambda id: -sold[id])
        return frozenset(ordered[:MOST_ORDERED])

    def new_on(self, today: date) -> frozenset[int]:
        """Return what came on the menu a short while ago, by id."""
        return frozenset(product.id for product in self.products if product.is_new(today))

    @cached_property
    def by_slug(self) -> dict[str, MenuProduct]:
        """The product that a slug stands for."""
        return {product.slug: product for product in self.products}


@dataclass(frozen=True)
class Menu:
    """An assortment and the stock to make it from: ingredient id → quantity in its unit."""

    assortment: Assortment
    stock: Mapping[int, int]

    @property
    def products(self) -> tuple[MenuProduct, ...]:
        return self.assortment.products

    def of_kind(self, kind: Kind) -> list[MenuProduct]:
        """Return the products on one shelf."""
        return [product for product in self.products if product.kind is kind]

    @cached_property
    def short(self) -> frozenset[tuple[int, int]]:
        """What is short or nearly gone, and how much is left: the menu shows no more of the stock.

        As pairs of an ingredient's id and its quantity.
        """
        left = self.stock
        plenty = self.assortment.plenty.items()
        return frozenset((id, left.get(id, 0)) for id, much in plenty if left.get(id, 0) < much)

    def looks_like(self, other: "Menu") -> bool:
        """Return whether both are shown the same: one assortment, and the same of it short."""
        return self.assortment is other.assortment and self.short == other.short

    def feasible(self, product: MenuProduct, size: Size) -> int:
        """Return how many of this size today's stock makes (UC4.4), 0 when it is not on sale."""
        if not product.available:
            return 0
        needs = product.needs[size.id]
        return min((self.stock.get(id, 0) // quantity for id, quantity in needs), default=0)

    def left(self, product: MenuProduct) -> int:
        """Return how many of the default size can still be made."""
        return self.feasible(product, product.default_size)

    def orderable(self, product: MenuProduct) -> bool:
        """Return whether any size can be made today."""
        return any(self.feasible(product, size) for size in product.sizes)

    def nearly_gone(self, product: MenuProduct) -> bool:
        """Return whether to say how many are left."""
        return 0 < self.left(product) <= NEARLY_GONE

    def can_add(self, extra: Extra) -> bool:
        """Return whether there is enough of an extra for one."""
        return self.stock.get(extra.ingredient.id, 0) >= extra.quantity

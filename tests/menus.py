"""Menus as plain values, for tests of the domain without a database."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from ocpizza.domain.item import Item, resolve
from ocpizza.domain.menu import (
    Assortment,
    Component,
    Extra,
    Menu,
    MenuIngredient,
    MenuProduct,
    Size,
)
from ocpizza.domain.selection import Part, Selection
from ocpizza.models.ingredient import Allergen, Unit
from ocpizza.models.product import Kind
from ocpizza.models.vat import VatClass

SIZES = (
    Size(1, "junior", "Junior", 750, 75, False),
    Size(2, "medium", "Classique", 950, 100, True),
    Size(3, "family", "Familiale", 1490, 170, False),
)


def ingredient(id: int, allergens: Any = ()) -> MenuIngredient:
    return MenuIngredient(id, f"i{id}", f"Ingredient {id}", Unit.GRAM, frozenset(allergens))


def menu(*products: MenuProduct, stock: dict[int, int] | None = None) -> Menu:
    """A menu of these products, with this stock."""
    return Menu(Assortment(products), stock or {})


FLOUR = ingredient(1, allergens=[Allergen.GLUTEN])
CHEESE = ingredient(2, allergens=[Allergen.MILK])
HAM = ingredient(3)
EGG = ingredient(4, allergens=[Allergen.EGGS])


def product(id: int = 1, **values: Any) -> MenuProduct:
    """A pizza of flour (fixed), cheese and ham, with an egg to add, in three sizes.

    The ids of its sizes are 10 × `id` + 1, 2, 3.
    """
    sizes = tuple(replace(size, id=10 * id + size.id) for size in SIZES)
    defaults: dict[str, Any] = {
        "kind": Kind.PIZZA,
        "slug": f"pizza-{id}",
        "name": f"Pizza {id}",
        "description": "",
        "recipe": "",
        "vat_class": VatClass.PREPARED_FOOD,
        "available": True,
        "sizes": sizes,
        "composition": (
            Component(FLOUR, 160, removable=False),
            Component(CHEESE, 120, removable=True),
            Component(HAM, 61, removable=True),
        ),
        "extras": (Extra(EGG, 1, 100),),
    }
    return MenuProduct(id=id, **defaults | values)


def drink(id: int = 9, **values: Any) -> MenuProduct:
    """A can of something, in one size of id 10 × `id` + 1."""
    defaults = {
        "kind": Kind.DRINK,
        "vat_class": VatClass.SEALED_DRINK,
        "sizes": (Size(10 * id + 1, "unique", "33 cl", 280, 100, True),),
        "composition": (Component(ingredient(id), 1, removable=False),),
        "extras": (),
    }
    return product(id, **defaults | values)


def item(sold: MenuProduct, place: int = 0, **options: Any) -> Item:
    """One item of a product, in the size at this place."""
    return resolve(Selection.of(sold.sizes[place].id, **options), menu(sold))


def halves(offered: Menu, *size_ids: int) -> Item:
    """A pizza of two halves."""
    return resolve(Selection(tuple(Part(id) for id in size_ids)), offered)


@st.composite
def orders(draw: st.DrawFn) -> tuple[list[tuple[Item, int]], dict[int, int]]:
    """Lines of items that share ingredients, and a stock that may or may not do for them."""
    pantry = [ingredient(id) for id in range(1, 5)]
    lines = []
    for id in range(1, draw(st.integers(1, 5)) + 1):
        used = draw(st.lists(st.sampled_from(pantry), min_size=1, unique=True))
        composition = tuple(Component(one, draw(st.integers(1, 200)), True) for one in used)
        sold = product(id, composition=composition, extras=(Extra(EGG, 1, 100),))
        place = draw(st.integers(0, 2))
        extras = draw(st.sampled_from([(), (EGG.id,)]))
        lines.append((item(sold, place, extras=extras), draw(st.integers(1, 5))))
    stock = {one.id: draw(st.integers(0, 1500)) for one in [*pantry, EGG]}
    return lines, stock

"""What somebody wants of a product, and whether it is so, or can be made so."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ocpizza.domain.menu import Assortment, MenuIngredient, MenuProduct
from ocpizza.models.ingredient import Allergen, Diet
from ocpizza.models.product import Kind


class Wish(StrEnum):
    """What a menu is looked through for, in the order in which it is offered."""

    VEGETARIAN = "vegetarian"
    WITHOUT_PORK = "without_pork"
    SPICY = "spicy"
    MOST_ORDERED = "most_ordered"
    NEW = "new"
    FAVOURITE = "favourite"


SUITED = {
    Wish.VEGETARIAN: {Diet.VEGETARIAN},
    Wish.WITHOUT_PORK: {Diet.VEGETARIAN, Diet.NO_PORK},
}


# What is true of products, whatever is on them: by wish, their ids.
Marks = Mapping[Wish, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: words as they were typed, wishes, allergens that must not be in it."""

    words: str = ""
    wishes: frozenset[Wish] = frozenset()
    avoided: frozenset[Allergen] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.words or self.wishes or self.avoided)


VEGETARIAN = Wanted(wishes=frozenset([Wish.VEGETARIAN]))


def suits(ingredient: MenuIngredient, wanted: Wanted) -> bool:
    """Return whether an ingredient may be in what is wanted."""
    diets = all(ingredient.diet in SUITED[wish] for wish in wanted.wishes if wish in SUITED)
    return diets and not ingredient.allergens & wanted.avoided


def to_leave_out(product: MenuProduct, wanted: Wanted) -> tuple[MenuIngredient, ...] | None:
    """Return the ingredients without which a product is what is wanted, whatever the words.

    None of them where it is so already; None where what stays on it cannot be left out, or where
    nothing spicy is left.
    """
    unfit = [one for one in product.composition if not suits(one.ingredient, wanted)]
    if not all(one.removable for one in unfit):
        return None
    out = tuple(one.ingredient for one in unfit)
    if Wish.SPICY in wanted.wishes and not is_spicy(product, out):
        return None
    return out


def marks_of(assortment: Assortment, today: date) -> Marks:
    """Return what is new and what is ordered most."""
    return {Wish.MOST_ORDERED: assortment.most_ordered, Wish.NEW: assortment.new_on(today)}


def marks_on(product: MenuProduct, marks: Marks) -> tuple[Wish, ...]:
    """Return the marks that a product has."""
    return tuple(wish for wish, ids in marks.items() if product.id in ids)


def is_marked(product: MenuProduct, wanted: Wanted, marks: Marks) -> bool:
    """Return whether a product has each of the marks that are wanted."""
    return all(product.id in ids for wish, ids in marks.items() if wish in wanted.wishes)


def is_spicy(product: MenuProduct, without: Collection[MenuIngredient] = ()) -> bool:
    """Return whether anything on a product is, when these are left out."""
    kept = (one.ingredient for one in product.composition if one.ingredient not in without)
    return any(ingredient.spicy for ingredient in kept)


def traits_of(product: MenuProduct, without: Collection[MenuIngredient] = ()) -> list[Wish]:
    """Return what a product says of itself, as it comes or when these are left out."""
    spicy = [Wish.SPICY] if is_spicy(product, without) else []
    vegetarian = product.kind is Kind.PIZZA and to_leave_out(product, VEGETARIAN) == ()
    return [Wish.VEGETARIAN, *spicy] if vegetarian else spicy


def unfit_for(ingredient: MenuIngredient) -> list[Wish | Allergen]:
    """Return what an ingredient is left out for."""
    wishes: list[Wish | Allergen] = [
        wish for wish, diets in SUITED.items() if ingredient.diet not in diets
    ]
    return wishes + [allergen for allergen in Allergen if allergen in ingredient.allergens]

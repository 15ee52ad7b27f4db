"""Whom a product suits, and what is left out so that it does."""

from dataclasses import replace

import pytest

from menus import CHEESE, EGG, FLOUR, HAM, product
from ocpizza.domain.menu import Component
from ocpizza.domain.wishes import Wanted, Wish, is_spicy, to_leave_out, unfit_for
from ocpizza.models.ingredient import Allergen, Diet

DOUGH, CREAM = (replace(one, diet=Diet.VEGETARIAN) for one in (FLOUR, CHEESE))
PORK = replace(HAM, diet=Diet.PORK)
ANCHOVY = replace(HAM, id=5, diet=Diet.NO_PORK, allergens=frozenset([Allergen.FISH]))
CHILLI = replace(HAM, id=6, diet=Diet.VEGETARIAN, spicy=True)
VEGETARIAN, NO_PORK, SPICY = (
    Wanted(wishes=frozenset([wish])) for wish in (Wish.VEGETARIAN, Wish.WITHOUT_PORK, Wish.SPICY)
)


def pizza(*toppings, fixed=(DOUGH,)):
    return product(
        composition=(
            *(Component(one, 100, removable=False) for one in fixed),
            *(Component(one, 50, removable=True) for one in toppings),
        )
    )


def without(*allergens: Allergen, wishes=()) -> Wanted:
    return Wanted(avoided=frozenset(allergens), wishes=frozenset(wishes))


def test_what_suits_as_it_is_needs_nothing_left_out():
    assert to_leave_out(pizza(CREAM), VEGETARIAN) == ()
    assert to_leave_out(pizza(CREAM, ANCHOVY), NO_PORK) == ()
    assert to_leave_out(pizza(CREAM), without(Allergen.FISH)) == ()


def test_what_may_be_left_out_is_named():
    assert to_leave_out(pizza(CREAM, PORK, ANCHOVY), VEGETARIAN) == (PORK, ANCHOVY)
    assert to_leave_out(pizza(CREAM, PORK, ANCHOVY), NO_PORK) == (PORK,)
    assert to_leave_out(pizza(CREAM, ANCHOVY), without(Allergen.MILK)) == (CREAM,)
    both = without(Allergen.MILK, wishes=[Wish.WITHOUT_PORK])
    assert to_leave_out(pizza(CREAM, PORK), both) == (CREAM, PORK)


def test_what_must_stay_on_it_shuts_it_out():
    assert to_leave_out(pizza(CREAM), without(Allergen.GLUTEN)) is None
    assert to_leave_out(pizza(fixed=(DOUGH, PORK)), VEGETARIAN) is None


@pytest.mark.parametrize("wanted", [VEGETARIAN, NO_PORK])
def test_an_ingredient_of_which_nobody_has_said_anything_suits_nobody(wanted):
    assert to_leave_out(pizza(CREAM, EGG), wanted) == (EGG,)
    assert to_leave_out(pizza(fixed=(DOUGH, EGG)), wanted) is None


def test_what_is_spicy_by_something_left_out_is_not_spicy():
    chorizo = replace(PORK, id=7, spicy=True)
    assert to_leave_out(pizza(chorizo), SPICY) == ()
    assert to_leave_out(pizza(PORK), SPICY) is None
    assert to_leave_out(pizza(chorizo), without(wishes=[Wish.SPICY, Wish.WITHOUT_PORK])) is None
    both = without(wishes=[Wish.SPICY, Wish.WITHOUT_PORK])
    assert to_leave_out(pizza(chorizo, CHILLI), both) == (chorizo,)
    assert is_spicy(pizza(CHILLI))
    assert not is_spicy(pizza(CREAM))


def test_an_ingredient_says_what_it_is_left_out_for():
    assert unfit_for(PORK) == [Wish.VEGETARIAN, Wish.WITHOUT_PORK]
    assert unfit_for(ANCHOVY) == [Wish.VEGETARIAN, Allergen.FISH]
    assert unfit_for(DOUGH) == [Allergen.GLUTEN]

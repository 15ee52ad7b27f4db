"""What today's stock allows, product by product (UC1.1, UC4.4)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus import FLOUR, drink, ingredient, product
from ocpizza.domain.menu import Component, Menu
from ocpizza.models.ingredient import Allergen
from ocpizza.models.product import Kind


def with_cheese(quantity: int, **values):
    cheese = Component(ingredient(2, quantity), 120, removable=True)
    return product(1, composition=(Component(FLOUR, 160, removable=False), cheese), **values)


@pytest.mark.parametrize(("grams", "left"), [(119, 0), (120, 1), (239, 1), (360, 3)])
def test_the_scarcest_ingredient_says_how_many_are_left(grams, left):
    assert with_cheese(grams).left == left


@given(st.integers(0, 2000))
def test_the_small_size_is_feasible_at_least_as_often_as_the_large(grams):
    sold = with_cheese(grams)
    counts = [sold.feasible(size) for size in sold.sizes]
    assert counts == sorted(counts, reverse=True)


def test_what_is_left_speaks_of_the_default_size():
    sold = with_cheese(360)
    assert sold.default_size.code == "medium"
    assert (sold.left, sold.feasible(sold.sizes[0])) == (3, 4)


@pytest.mark.parametrize(
    ("grams", "nearly_gone"), [(0, False), (120, True), (600, True), (720, False)]
)
def test_a_few_left_are_worth_saying(grams, nearly_gone):
    assert with_cheese(grams).nearly_gone is nearly_gone


def test_a_pizza_can_be_ordered_while_its_smallest_size_can_be_made():
    assert with_cheese(90).orderable
    assert not with_cheese(89).orderable


def test_what_is_not_on_sale_cannot_be_made():
    sold = with_cheese(9000, available=False)
    assert (sold.left, sold.orderable, sold.nearly_gone) == (0, False, False)


def test_allergens_are_those_of_the_ingredients():
    assert product(1).allergens == [Allergen.GLUTEN, Allergen.MILK]
    assert drink().allergens == []


def test_each_shelf_holds_its_kind():
    menu = Menu((product(1), drink()))
    assert [sold.id for sold in menu.of_kind(Kind.DRINK)] == [9]
    assert menu.of_kind(Kind.DESSERT) == []

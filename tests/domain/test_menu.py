"""What today's stock allows, product by product (UC1.1, UC4.4)."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus import CHEESE, EGG, FLOUR, HAM, drink, menu, product
from ocpizza.domain.menu import Menu
from ocpizza.models.ingredient import Allergen
from ocpizza.models.product import Kind


def with_cheese(grams: int, **values):
    """A menu of one pizza that takes 120 g of cheese, and the pizza."""
    sold = product(1, **values)
    return menu(sold, stock={FLOUR.id: 10_000, CHEESE.id: grams, HAM.id: 10_000}), sold


@pytest.mark.parametrize(("grams", "left"), [(119, 0), (120, 1), (239, 1), (360, 3)])
def test_the_scarcest_ingredient_says_how_many_are_left(grams, left):
    offered, sold = with_cheese(grams)
    assert offered.left(sold) == left


@given(st.integers(0, 2000))
def test_the_small_size_is_feasible_at_least_as_often_as_the_large(grams):
    offered, sold = with_cheese(grams)
    counts = [offered.feasible(sold, size) for size in sold.sizes]
    assert counts == sorted(counts, reverse=True)


def test_what_is_left_speaks_of_the_default_size():
    offered, sold = with_cheese(360)
    assert sold.default_size.code == "medium"
    assert (offered.left(sold), offered.feasible(sold, sold.sizes[0])) == (3, 4)


@pytest.mark.parametrize(
    ("grams", "nearly_gone"), [(0, False), (120, True), (600, True), (720, False)]
)
def test_a_few_left_are_worth_saying(grams, nearly_gone):
    offered, sold = with_cheese(grams)
    assert offered.nearly_gone(sold) is nearly_gone


@pytest.mark.parametrize(("grams", "orderable"), [(90, True), (89, False)])
def test_a_pizza_can_be_ordered_while_its_smallest_size_can_be_made(grams, orderable):
    offered, sold = with_cheese(grams)
    assert offered.orderable(sold) is orderable


def test_without_a_default_the_first_size_speaks_for_all():
    sizes = tuple(replace(size, is_default=False) for size in product(1).sizes)
    assert product(1, sizes=sizes).default_size.code == "junior"


def test_nothing_is_made_of_an_ingredient_that_is_not_stocked_nor_of_none():
    can, nothing = drink(), drink(8, composition=())
    offered = menu(can, nothing, stock={1: 100})
    assert (offered.left(can), offered.left(nothing)) == (0, 0)


def test_what_is_not_on_sale_cannot_be_made():
    offered, sold = with_cheese(9000, available=False)
    assert (offered.left(sold), offered.orderable(sold), offered.nearly_gone(sold)) == (
        0,
        False,
        False,
    )


@pytest.mark.parametrize(("eggs", "possible"), [(0, False), (1, True)])
def test_an_extra_can_be_added_while_there_is_enough_for_one(eggs, possible):
    sold = product(1)
    assert menu(sold, stock={EGG.id: eggs}).can_add(sold.extras[0]) is possible


def test_allergens_are_those_of_the_ingredients():
    assert product(1).allergens == [Allergen.GLUTEN, Allergen.MILK]
    assert drink().allergens == []


def test_each_shelf_holds_its_kind():
    offered = menu(product(1), drink())
    assert [sold.id for sold in offered.of_kind(Kind.DRINK)] == [9]
    assert offered.of_kind(Kind.DESSERT) == []


def shown(offered):
    """What pages show of the stock: what can be made, and how many are left where that is told."""
    return [
        (
            offered.left(sold) if offered.nearly_gone(sold) else None,
            [offered.feasible(sold, size) > 0 for size in sold.sizes],
        )
        for sold in offered.products
    ]


quantities = st.dictionaries(st.sampled_from([FLOUR.id, CHEESE.id, HAM.id]), st.integers(0, 3000))


@given(quantities, quantities)
def test_menus_of_which_the_same_is_short_show_the_same(stock, more):
    sold = product(1), product(2, available=False), drink(), drink(9, composition=())
    offered = menu(*sold, stock=stock)
    short = dict(offered.short)
    plenty = {id: stock.get(id, 0) + much for id, much in more.items() if id not in short}
    other = Menu(offered.assortment, stock | plenty)
    assert offered.looks_like(other)
    assert shown(offered) == shown(other)


@pytest.mark.parametrize(("grams", "short"), [(719, {(CHEESE.id, 719)}), (720, set())])
def test_what_is_nearly_gone_is_short(grams, short):
    assert with_cheese(grams)[0].short == short

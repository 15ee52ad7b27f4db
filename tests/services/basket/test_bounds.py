"""B1, UC1.3: what a basket refuses, and that it is then as it was."""

import pytest

from menus import drink, menu, product
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.models.basket import MAX_LINES, MAX_QUANTITY, Basket, BasketLine
from ocpizza.services.basket.lines import (
    BasketFull,
    LastPizza,
    OtherRestaurant,
    add_item,
    refuse_last_pizza,
    set_quantity,
)

PIZZA, OTHER, COLA = Selection.of(12), Selection.of(22), Selection.of(91)
OFFER = menu(product(1), product(2), drink(9), stock=dict.fromkeys((1, 2, 3, 4, 9), 100000))


def basket_of(*selections: Selection, changes: int | None = 7) -> Basket:
    basket = Basket(restaurant_id=1, changes_order_id=changes)
    for number, selection in enumerate(selections, 1):
        basket.lines.append(BasketLine(id=number, selection=selection.text, quantity=1))
    return basket


@pytest.mark.parametrize(
    ("inside", "line"), [([PIZZA], 1), ([PIZZA, COLA], 1), ([COLA, PIZZA, COLA], 2)]
)
def test_the_last_pizza_stays(inside, line):
    with pytest.raises(LastPizza):
        refuse_last_pizza(basket_of(*inside), OFFER, line)


@pytest.mark.parametrize(
    ("inside", "line"), [([PIZZA, OTHER], 1), ([PIZZA, COLA], 2), ([COLA, PIZZA, OTHER], 3)]
)
def test_what_is_not_the_last_pizza_may_go(inside, line):
    refuse_last_pizza(basket_of(*inside), OFFER, line)


def test_a_basket_that_changes_no_order_may_lose_every_pizza():
    refuse_last_pizza(basket_of(PIZZA, changes=None), OFFER, 1)


def test_a_basket_that_changes_an_order_never_goes_to_another_restaurant():
    basket = basket_of(PIZZA)
    with pytest.raises(OtherRestaurant):
        add_item(basket, 2, OFFER, Chosen(COLA, 1), replace=True)
    assert [line.selection for line in basket.lines] == [PIZZA.text]
    moved = basket_of(PIZZA, changes=None)
    add_item(moved, 2, OFFER, Chosen(COLA, 1), replace=True)
    assert ([line.selection for line in moved.lines], moved.restaurant_id) == ([COLA.text], 2)


def test_a_full_basket_takes_more_of_a_line_and_what_replaces_them_all():
    full = [Selection.of(1000 + number) for number in range(MAX_LINES - 1)]
    basket = basket_of(*full, PIZZA, changes=None)
    add_item(basket, 1, OFFER, Chosen(PIZZA, 1))
    assert basket.lines[-1].quantity == 2
    with pytest.raises(BasketFull):
        add_item(basket, 1, OFFER, Chosen(COLA, 1))
    add_item(basket, 1, OFFER, Chosen(COLA, 1), replace=True)
    assert [line.selection for line in basket.lines] == [COLA.text]


def test_a_line_holds_fifty_and_no_more():
    basket = basket_of(PIZZA, changes=None)
    set_quantity(basket, 1, MAX_QUANTITY)
    with pytest.raises(BasketFull):
        set_quantity(basket, 1, MAX_QUANTITY + 1)
    assert basket.lines[0].quantity == MAX_QUANTITY == 50

"""B1: a line becomes something else, or comes back, and the basket keeps its bounds."""

import pytest

from menus import CHEESE, drink, menu, product
from ocpizza.domain.item import UnknownItem
from ocpizza.domain.selection import Chosen, Selection
from ocpizza.models.basket import MAX_LINES, MAX_QUANTITY, Basket, BasketLine
from ocpizza.services.basket.edit_line import (
    LineChanged,
    LineGone,
    line_of,
    replace_line,
    restore_line,
    state_of,
)
from ocpizza.services.basket.lines import BasketFull

JUNIOR, MEDIUM, PLAIN = Selection.of(11), Selection.of(12), Selection.of(12, without=[CHEESE.id])
COLA, UNKNOWN = Selection.of(91), Selection.of(999)
PLENTY = dict.fromkeys((1, 2, 3, 4, 9), 1000000)
HERE, ELSEWHERE = 1, 2


def offered(**stock: int):
    scarce = {int(name.removeprefix("i")): quantity for name, quantity in stock.items()}
    return menu(product(1), drink(9), stock=PLENTY | scarce)


def basket_of(*lines: tuple[Selection, int]) -> Basket:
    basket = Basket(restaurant_id=HERE)
    for number, (selection, quantity) in enumerate(lines, 1):
        basket.lines.append(BasketLine(id=number, selection=selection.text, quantity=quantity))
    return basket


def inside(basket: Basket) -> list[tuple[str, int]]:
    return [(line.selection, line.quantity) for line in basket.lines]


def replaced(basket: Basket, selection: Selection, quantity: int, offer=None):
    line = basket.lines[0]
    chosen = Chosen(selection, quantity)
    return replace_line(basket, line, state_of(line), offer or offered(), chosen)


def test_a_line_becomes_what_was_chosen_and_keeps_its_place():
    basket = basket_of((MEDIUM, 1), (COLA, 2))
    first = basket.lines[0]
    assert replaced(basket, JUNIOR, 3) is None
    assert inside(basket) == [(JUNIOR.text, 3), (COLA.text, 2)]
    assert basket.lines[0] is first


def test_only_its_quantity_may_change():
    basket = basket_of((MEDIUM, 1))
    replaced(basket, MEDIUM, 4)
    assert inside(basket) == [(MEDIUM.text, 4)]


def test_it_joins_the_line_that_is_the_same_already():
    basket = basket_of((MEDIUM, 2), (COLA, 1), (JUNIOR, 3))
    replaced(basket, JUNIOR, 4)
    assert inside(basket) == [(COLA.text, 1), (JUNIOR.text, 7)]


def test_stock_that_makes_fewer_gives_those_and_says_so():
    basket = basket_of((MEDIUM, 1))
    shortage = replaced(basket, JUNIOR, 3, offered(i1=2 * 120))
    assert (shortage.wanted, shortage.left) == (3, 2)
    assert inside(basket) == [(JUNIOR.text, 2)]


def test_stock_that_makes_none_leaves_the_line_as_it_was():
    basket = basket_of((MEDIUM, 1), (JUNIOR, 3))
    shortage = replaced(basket, JUNIOR, 1, offered(i1=0))
    assert shortage.left == 0
    assert inside(basket) == [(MEDIUM.text, 1), (JUNIOR.text, 3)]


@pytest.mark.parametrize(
    ("quantity", "other"), [(MAX_QUANTITY + 1, 0), (1, MAX_QUANTITY), (30, 30)]
)
def test_more_than_a_line_holds_changes_nothing(quantity, other):
    basket = basket_of((MEDIUM, 1), *([(JUNIOR, other)] if other else []))
    before = inside(basket)
    with pytest.raises(BasketFull):
        replaced(basket, JUNIOR, quantity)
    assert inside(basket) == before


@pytest.mark.parametrize(("quantity", "other"), [(MAX_QUANTITY, 0), (20, 30)])
def test_as_many_as_a_line_holds_are_taken(quantity, other):
    basket = basket_of((MEDIUM, 1), *([(JUNIOR, other)] if other else []))
    replaced(basket, JUNIOR, quantity)
    assert inside(basket) == [(JUNIOR.text, MAX_QUANTITY)]


def test_what_nobody_sells_changes_nothing():
    basket = basket_of((MEDIUM, 1))
    with pytest.raises(UnknownItem):
        replaced(basket, UNKNOWN, 1)
    with pytest.raises(UnknownItem):
        restore_line(basket, offered(), Chosen(UNKNOWN, 1))
    assert inside(basket) == [(MEDIUM.text, 1)]


@pytest.mark.parametrize("before", ["", "2 [[12,[],[]]]", "1 [[11,[],[]]]"])
def test_a_line_that_changed_meanwhile_is_told_as_it_is_now(before):
    basket = basket_of((MEDIUM, 1))
    with pytest.raises(LineChanged) as refused:
        replace_line(basket, basket.lines[0], before, offered(), Chosen(JUNIOR, 2))
    assert refused.value.state == f"1 {MEDIUM.text}"
    assert inside(basket) == [(MEDIUM.text, 1)]


@pytest.mark.parametrize(("restaurant", "line"), [(HERE, 3), (ELSEWHERE, 1), (HERE, None)])
def test_a_line_is_looked_for_in_this_basket_at_this_restaurant(restaurant, line):
    basket = basket_of((MEDIUM, 1), (COLA, 2))
    assert line_of(basket, HERE, 2) is basket.lines[1]
    for searched in (basket, None):
        with pytest.raises(LineGone):
            line_of(searched, restaurant, line)


def test_what_was_taken_out_comes_back_whatever_the_stock():
    basket = basket_of((COLA, 2))
    restore_line(basket, offered(i1=0), Chosen(PLAIN, 3))
    assert inside(basket) == [(COLA.text, 2), (PLAIN.text, 3)]


def test_what_was_put_in_again_meanwhile_joins_it():
    basket = basket_of((PLAIN, 2), (COLA, 1))
    restore_line(basket, offered(), Chosen(PLAIN, MAX_QUANTITY - 2))
    assert inside(basket) == [(PLAIN.text, MAX_QUANTITY), (COLA.text, 1)]


@pytest.mark.parametrize(("there", "back"), [(1, MAX_QUANTITY), (0, MAX_QUANTITY + 1)])
def test_more_than_a_line_holds_does_not_come_back(there, back):
    basket = basket_of(*([(PLAIN, there)] if there else []))
    before = inside(basket)
    with pytest.raises(BasketFull):
        restore_line(basket, offered(), Chosen(PLAIN, back))
    assert inside(basket) == before


def test_a_full_basket_takes_back_only_what_joins_a_line():
    others = [(Selection.of(1000 + number), 1) for number in range(MAX_LINES - 1)]
    basket = basket_of(*others)
    restore_line(basket, offered(), Chosen(PLAIN, 1))
    assert len(basket.lines) == MAX_LINES
    with pytest.raises(BasketFull):
        restore_line(basket, offered(), Chosen(COLA, 1))
    restore_line(basket, offered(), Chosen(PLAIN, 1))
    assert inside(basket)[-1] == (PLAIN.text, 2)

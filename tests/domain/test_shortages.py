"""All of an order's shortages are found at once, with what is left."""

from hypothesis import given

from menus import CHEESE, drink, halves, item, menu, orders, product
from ocpizza.domain.item import shortages, total_needs

PLENTY = dict.fromkeys(range(20), 10000)


def fits(lines, stock) -> bool:
    return all(stock.get(id, 0) >= quantity for id, quantity in total_needs(lines).items())


@given(orders())
def test_there_is_no_shortage_exactly_when_everything_fits(order):
    lines, stock = order
    assert (shortages(lines, stock) == []) == fits(lines, stock)


@given(orders())
def test_bringing_each_line_down_to_what_is_left_makes_the_rest_feasible(order):
    lines, stock = order
    left = {id(found.item): found.left for found in shortages(lines, stock)}
    reduced = [(one, left.get(id(one), number)) for one, number in lines]
    assert fits(reduced, stock)
    assert shortages([line for line in reduced if line[1]], stock) == []


@given(orders())
def test_a_shortage_says_how_many_more_were_wanted(order):
    lines, stock = order
    wanted = {id(one): number for one, number in lines}
    for found in shortages(lines, stock):
        assert 0 <= found.left < found.wanted == wanted[id(found.item)]


@given(orders())
def test_what_an_order_takes_is_what_its_lines_take(order):
    lines, _ = order
    for id, quantity in total_needs(lines).items():
        assert quantity == sum(one.needs[id] * number for one, number in lines)


def test_every_shortage_is_named_and_not_the_first_alone():
    first, second = item(product(1), 1), item(product(2), 1)
    found = shortages([(first, 3), (second, 2)], PLENTY | {CHEESE.id: 250})
    assert [(short.item, short.wanted, short.left) for short in found] == [
        (first, 3, 2),
        (second, 2, 0),
    ]


def test_what_is_not_on_sale_is_short_whatever_the_stock():
    off = item(product(1, available=False), 1)
    assert [short.left for short in shortages([(off, 1)], PLENTY)] == [0]


def test_what_is_not_on_sale_takes_nothing_from_the_others():
    off, on = item(product(1, available=False), 1), item(product(2), 1)
    assert len(shortages([(off, 9), (on, 1)], PLENTY | {CHEESE.id: 120})) == 1


def test_an_ingredient_that_was_never_in_stock_is_missing():
    assert shortages([(item(drink()), 1)], {})[0].left == 0


def test_two_halves_share_what_is_left():
    offered = menu(product(1), product(2))
    both = halves(offered, 12, 22)
    assert shortages([(both, 2)], PLENTY | {CHEESE.id: 120 + 119})[0].left == 1

"""What is new on a menu, and what is ordered most."""

from datetime import date, timedelta

from menus import drink, menu, product
from ocpizza.domain.wishes import Wish, marks_of

TODAY = date(2026, 3, 4)


def marked(wish: Wish, *products) -> set[int]:
    return set(marks_of(menu(*products).assortment, TODAY)[wish])


def most_ordered(*sold: tuple[int, int]) -> set[int]:
    pizzas = (
        product(id, sold=here, sold_anywhere=anywhere)
        for id, (here, anywhere) in enumerate(sold, 1)
    )
    return marked(Wish.MOST_ORDERED, *pizzas)


def test_what_came_on_the_menu_within_six_weeks_is_new():
    days = (None, 0, 41, 42, 500)
    products = [
        product(id, on_menu_since=day if day is None else TODAY - timedelta(day))
        for id, day in enumerate(days)
    ]
    assert marked(Wish.NEW, *products) == {1, 2}


def test_the_five_pizzas_that_were_sold_most_here_are_ordered_most():
    here = (10, 60, 20, 30, 40, 50, 0)
    assert most_ordered(*((number, 1000 - number) for number in here)) == {2, 3, 4, 5, 6}


def test_a_restaurant_that_sold_too_little_shows_what_the_chain_sold():
    assert most_ordered((99, 100), (0, 900)) == {1, 2}
    assert most_ordered((99, 0), (0, 900)) == {2}
    assert most_ordered((99, 0), (0, 99)) == set()


def test_drinks_are_no_pizzas():
    assert marked(Wish.MOST_ORDERED, product(1, sold=100), drink(2, sold=500)) == {1}

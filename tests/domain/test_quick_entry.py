"""A few letters stand for a product, and a number before them for how many."""

import pytest

from menus import drink, product
from ocpizza.domain.quick_entry import read_entry

MENU = [
    product(1, name="Regina"),
    product(2, name="Margherita"),
    product(3, name="4 Fromages"),
    product(4, name="Végétarienne"),
    product(5, name="Regina blanche"),
    drink(9, name="Cola 33 cl"),
]


@pytest.mark.parametrize(
    ("typed", "quantity", "names"),
    [
        ("ma", 1, ["Margherita"]),
        ("MA", 1, ["Margherita"]),
        ("vege", 1, ["Végétarienne"]),
        ("re", 1, ["Regina", "Regina blanche"]),
        ("re bl", 1, ["Regina blanche"]),
        ("bl", 1, ["Regina blanche"]),
        ("2 ma", 2, ["Margherita"]),
        ("2x ma", 2, ["Margherita"]),
        ("4 fr", 1, ["4 Fromages"]),
        ("3 4 fr", 3, ["4 Fromages"]),
        ("50 co", 50, ["Cola 33 cl"]),
        ("51 co", 1, []),
        ("0 co", 1, []),
        ("zz", 1, []),
        ("", 1, []),
        ("  ", 1, []),
        ("2", 2, []),
        ("'", 1, []),
        ("é" * 60, 1, []),
    ],
)
def test_letters_begin_words_of_a_name(typed, quantity, names):
    entry = read_entry(typed, MENU)
    assert (entry.quantity, [found.product.name for found in entry.found]) == (quantity, names)
    assert all(found.size is None for found in entry.found)


def test_a_size_may_follow_the_name():
    entry = read_entry("2 marg fam", MENU)
    assert entry.quantity == 2
    assert [(found.product.name, found.size.name) for found in entry.found] == [
        ("Margherita", "Familiale")
    ]

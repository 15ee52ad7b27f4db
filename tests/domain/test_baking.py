"""UC4.5: what a kitchen has still to make."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st

from ocpizza.domain.baking import to_make
from ocpizza.models.product import Kind


def line(quantity: int, name: str, kind: Kind = Kind.PIZZA) -> SimpleNamespace:
    return SimpleNamespace(kind=kind, name=name, quantity=quantity)


def test_the_same_pizza_of_several_orders_is_one_sum_the_most_first():
    lines = [line(1, "Regina"), line(4, "Margherita"), line(6, "Regina"), line(4, "Éclat")]
    assert to_make(lines) == [(7, "Regina"), (4, "Éclat"), (4, "Margherita")]


def test_drinks_and_desserts_are_not_baked():
    assert to_make([line(3, "Cola", Kind.DRINK), line(1, "Tiramisu", Kind.DESSERT)]) == []


@given(st.lists(st.builds(line, st.integers(1, 99), st.sampled_from("ABC"))))
def test_nothing_is_lost(lines):
    assert sum(each.quantity for each in to_make(lines)) == sum(each.quantity for each in lines)

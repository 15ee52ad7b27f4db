"""What a selection stands for on a menu, and what is refused."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from menus import CHEESE, EGG, FLOUR, HAM, drink, halves, item, menu, product
from ocpizza.domain.item import UnknownItem, resolve
from ocpizza.domain.menu import Component
from ocpizza.domain.selection import Part, Selection
from ocpizza.models.ingredient import Allergen
from ocpizza.models.product import Kind

REGINA, SAVOYARDE, COLA = product(1), product(2, name="Savoyarde"), drink()
MENU = menu(REGINA, SAVOYARDE, COLA)


def refused(*parts: Part) -> bool:
    with pytest.raises(UnknownItem):
        resolve(Selection(parts), MENU)
    return True


def test_an_unknown_size_is_refused():
    assert refused(Part(999))


def test_a_size_that_only_another_restaurant_sells_is_refused():
    with pytest.raises(UnknownItem):
        resolve(Selection.of(SAVOYARDE.sizes[0].id), menu(REGINA))


def test_what_cannot_be_left_out_stays_on():
    assert refused(Part(12, without=(FLOUR.id,)))


def test_what_is_not_on_it_cannot_be_left_out():
    assert refused(Part(12, without=(EGG.id,)))


def test_only_extras_of_its_list_can_be_added():
    assert refused(Part(12, extras=(HAM.id,)))


def test_two_halves_of_different_sizes_are_refused():
    assert refused(Part(11), Part(22))


def test_only_pizzas_have_halves():
    assert refused(Part(91), Part(91))


def test_there_are_no_thirds_and_no_nothing():
    assert refused(Part(12), Part(22), Part(12))
    assert refused()


def test_two_halves_of_one_size_are_one_pizza():
    pizza = halves(MENU, 12, 22)
    assert pizza.name == "Pizza 1 / Savoyarde"
    assert pizza.size.code == "medium"


def test_leaving_out_and_adding_changes_what_is_on_it():
    pizza = item(REGINA, 1, without=[CHEESE.id], extras=[EGG.id])
    assert dict(pizza.needs) == {FLOUR.id: 160, HAM.id: 61, EGG.id: 1}
    assert pizza.picture_codes == ["i1", "i3", "i4"]


def test_allergens_follow_the_options_in_the_order_of_the_regulation():
    assert item(REGINA).allergens == [Allergen.GLUTEN, Allergen.MILK]
    changed = item(REGINA, without=[CHEESE.id], extras=[EGG.id])
    assert changed.allergens == [Allergen.GLUTEN, Allergen.EGGS]


def test_what_a_size_takes_is_rounded_up():
    assert dict(item(REGINA, 0).needs) == {FLOUR.id: 120, CHEESE.id: 90, HAM.id: 46}


def test_what_halves_take_is_rounded_up_for_each_half():
    assert halves(MENU, 12, 22).needs[HAM.id] == 31 + 31


def test_an_extra_of_a_half_takes_half_rounded_up():
    parts = (Part(12, extras=(EGG.id,)), Part(22))
    assert resolve(Selection(parts), MENU).needs[EGG.id] == 1


def test_an_extra_that_is_on_it_already_adds_up():
    twice = product(3, composition=(Component(EGG, 1, True),))
    assert item(twice, 1, extras=[EGG.id]).needs[EGG.id] == 2


@given(st.integers(1, 5000), st.sampled_from(REGINA.sizes), st.integers(1, 2))
def test_a_size_never_takes_less_than_its_share(quantity, size, parts):
    taken = size.quantity_of(quantity, parts)
    exact = quantity * size.factor_percent
    assert (taken - 1) * 100 * parts < exact <= taken * 100 * parts


@pytest.mark.parametrize(("place", "price"), [(0, 750 + 80), (1, 950 + 100), (2, 1490 + 170)])
def test_an_extra_costs_by_size_in_tens_of_cents(place, price):
    assert item(REGINA, place, extras=[EGG.id]).unit_price_cents == price


def test_two_halves_cost_what_the_dearer_one_costs():
    dearer = product(
        3, sizes=tuple(replace(size, id=size.id + 20, price_cents=1390) for size in REGINA.sizes)
    )
    assert halves(menu(REGINA, dearer), 12, 32).unit_price_cents == 1390


def test_one_half_that_is_not_on_sale_takes_the_pizza_off():
    offered = menu(REGINA, product(2, available=False))
    assert not halves(offered, 12, 22).on_sale
    assert halves(offered, 12, 12).on_sale


def test_what_was_agreed_on_keeps_its_price_and_stays_on_sale():
    gone = replace(REGINA, available=False)
    today = item(gone, 1, extras=[EGG.id])
    agreed = replace(today, agreed_price_cents=1)
    assert (today.unit_price_cents, today.on_sale) == (1050, False)
    assert (agreed.unit_price_cents, agreed.on_sale) == (1, True)
    assert replace(today, agreed_price_cents=0).unit_price_cents == 0


def test_an_item_is_of_the_kind_and_size_of_its_product():
    assert (item(COLA, 0).kind, item(REGINA, 0).kind) == (Kind.DRINK, Kind.PIZZA)
    assert item(REGINA, 2).size.code == "family"

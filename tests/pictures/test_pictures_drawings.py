"""Every ingredient is drawn by hand; what nobody has drawn still shows."""

from collections import Counter
from xml.etree import ElementTree

import pytest

from ocpizza.pictures import draw
from ocpizza.pictures.cheeses import VEILS
from ocpizza.pictures.desserts import DESSERTS
from ocpizza.pictures.livery import LIVERIES
from ocpizza.pictures.pantry import INVISIBLE, TOPPINGS
from ocpizza.pictures.sauces import POURED, SAUCES

SVG = "{http://www.w3.org/2000/svg}"
DRAWN = TOPPINGS.keys() | SAUCES.keys() | POURED.keys() | VEILS.keys() | {"oeuf"}


def elements(picture: str) -> Counter[str]:
    return Counter(element.tag for element in ElementTree.fromstring(picture).iter())


def colours(picture: str) -> set[str]:
    root = ElementTree.fromstring(picture)
    return {element.get("fill") or element.get("stroke") or "" for element in root.iter()}


@pytest.mark.parametrize("code", sorted(DRAWN))
def test_each_ingredient_brings_colours_the_bare_pizza_lacks(code):
    assert colours(draw("pizza", [code])) - colours(draw("pizza", []))


def test_no_two_toppings_share_their_shapes():
    shapes = [shape for topping in TOPPINGS.values() for shape in topping.shapes]
    assert len(set(shapes)) == len(shapes)


@pytest.mark.parametrize("code", sorted(TOPPINGS))
def test_each_topping_lies_on_the_pizza_several_times(code):
    assert elements(draw("pizza", [code]))[f"{SVG}use"] >= 3


@pytest.mark.parametrize("code", sorted(INVISIBLE))
def test_what_goes_into_the_dough_draws_nothing(code):
    assert draw("pizza", [code, "chorizo"]) == draw("pizza", ["chorizo"])


def test_an_invented_ingredient_is_scattered_in_a_colour_of_its_own():
    kiwi, brocoli = draw("pizza", ["kiwi"]), draw("pizza", ["brocoli"])
    assert elements(kiwi)[f"{SVG}use"] >= 3
    assert colours(kiwi) - colours(brocoli)


@pytest.mark.parametrize("code", ["canette-kiwi-33cl", "biere-brune-33cl", "vin-blanc-75cl", "jus"])
def test_an_invented_drink_is_poured_into_something(code):
    assert code not in LIVERIES
    assert draw("drink", [code]) != draw("drink", [f"{code}-2"])


def test_an_invented_dessert_is_served():
    assert "ile-flottante" not in DESSERTS
    assert draw("dessert", ["ile-flottante"]) != draw("dessert", ["profiteroles"])


@pytest.mark.parametrize("kind", ["pizza", "drink", "dessert"])
def test_nothing_asked_for_still_gives_a_picture(kind):
    assert elements(draw(kind, []))[f"{SVG}path"] > 0


def test_a_small_bottle_is_drawn_smaller_than_a_large_one():
    assert "scale(0.94)" in draw("drink", ["bouteille-eau-50cl"])
    assert "scale(1.1)" in draw("drink", ["bouteille-cola-150cl"])

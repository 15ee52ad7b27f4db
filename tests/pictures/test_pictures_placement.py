"""Toppings lie inside the crust, apart from each other."""

import math
from itertools import combinations, pairwise
from random import Random

import pytest

from ocpizza.pictures.paths import blob, smooth
from ocpizza.pictures.scatter import CENTRE, REACH, Piece, spread
from ocpizza.pictures.svg import num
from ocpizza.pictures.topping import Layer


def pieces(count: int, radius: float, layer: Layer = Layer.CHUNK) -> list[Piece]:
    return [Piece(index % 2, 0, layer, radius, 1.0) for index in range(count)]


@pytest.mark.parametrize("seed", range(8))
def test_pieces_stay_inside_the_crust(seed):
    placed = pieces(30, 20)
    spread(Random(seed), placed)
    assert all(math.dist(CENTRE, (one.x, one.y)) <= REACH for one in placed)


@pytest.mark.parametrize("seed", range(8))
def test_pieces_hardly_overlap(seed):
    placed = pieces(20, 20)
    spread(Random(seed), placed)
    gaps = [math.dist((a.x, a.y), (b.x, b.y)) for a, b in combinations(placed, 2)]
    assert min(gaps) > 20


@pytest.mark.parametrize("seed", range(8))
def test_every_quarter_of_the_pizza_gets_its_share(seed):
    placed = pieces(16, 20)
    spread(Random(seed), placed)
    quarters = [(one.x > CENTRE[0], one.y > CENTRE[1]) for one in placed]
    assert all(quarters.count(quarter) >= 2 for quarter in set(quarters))
    assert len(set(quarters)) == 4


def test_the_egg_keeps_the_centre_for_itself():
    placed = pieces(20, 18)
    spread(Random(1), placed, hole=50)
    assert all(math.dist(CENTRE, (one.x, one.y)) >= 50 for one in placed)


def test_melted_cheese_may_lie_under_the_egg():
    placed = pieces(12, 35, Layer.MELT)
    spread(Random(1), placed, hole=50)
    assert any(math.dist(CENTRE, (one.x, one.y)) < 50 for one in placed)


@pytest.mark.parametrize(
    ("value", "text"), [(1.0, "1"), (-0.04, "0"), (0.25, "0.2"), (12.34, "12.3"), (-7.0, "-7")]
)
def test_numbers_are_written_short(value, text):
    assert num(value) == text


def test_layers_are_ordered_from_the_sauce_up():
    order = [Layer.MELT, Layer.SLICE, Layer.CHUNK, Layer.CENTRE, Layer.LEAF]
    assert all(low < high for low, high in pairwise(order))


def test_an_outline_is_closed_and_a_thread_is_open():
    assert blob(Random(1), (0, 0), 10, 6, 0.1).endswith("Z")
    assert not smooth([(0, 0), (5, 5), (9, 0)]).endswith("Z")

"""Where the pieces lie: evenly spread, apart from each other, inside the crust."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from ocpizza.pictures.paths import polar
from ocpizza.pictures.topping import Layer

CENTRE = (200.0, 200.0)
REACH = 149.0
_CANDIDATES = 24
_ROUNDS = 40


@dataclass(slots=True)
class Piece:
    """One piece of a topping, placed by `spread`."""

    owner: int
    shape: int
    layer: Layer
    radius: float
    scale: float
    x: float = 0.0
    y: float = 0.0


def spread(rng: Random, pieces: Sequence[Piece], hole: float = 0.0) -> None:
    """Set the place of every piece; `hole` is a radius kept free round the centre."""
    placed: list[Piece] = []
    for piece in sorted(pieces, key=lambda one: -one.radius):
        spots = [_spot(rng, piece, hole) for _ in range(_CANDIDATES)]
        piece.x, piece.y = max(spots, key=lambda spot: _clearance(spot, piece, placed))
        placed.append(piece)
    for _ in range(_ROUNDS):
        _push_apart(placed)
        for piece in placed:
            _confine(piece, hole)


def _spot(rng: Random, piece: Piece, hole: float) -> tuple[float, float]:
    share = rng.random()
    near, far = _bounds(piece, hole)
    radius = math.sqrt(near**2 + share * (far**2 - near**2))
    return polar(CENTRE, radius, rng.uniform(0, math.tau))


def _bounds(piece: Piece, hole: float) -> tuple[float, float]:
    near = hole + piece.radius * 0.8 if hole and piece.layer != Layer.MELT else 0.0
    return near, max(near + 1, REACH - piece.radius * 0.9)


def _clearance(spot: tuple[float, float], piece: Piece, placed: Sequence[Piece]) -> float:
    gaps = [math.dist(spot, (one.x, one.y)) - _room(piece, one) for one in placed]
    return min(gaps, default=0.0)


def _room(one: Piece, other: Piece) -> float:
    if one.owner == other.owner:
        return (one.radius + other.radius) * 1.45
    if (one.layer == Layer.LEAF) != (other.layer == Layer.LEAF):
        return (one.radius + other.radius) * 0.5
    return one.radius + other.radius


def _push_apart(pieces: Sequence[Piece]) -> None:
    for index, one in enumerate(pieces):
        for other in pieces[:index]:
            dx, dy = one.x - other.x, one.y - other.y
            distance = math.hypot(dx, dy) or 0.1
            overlap = _room(one, other) - distance
            if overlap > 0:
                push = overlap * (0.06 if one.owner == other.owner else 0.22) / distance
                one.x, one.y = one.x + dx * push, one.y + dy * push
                other.x, other.y = other.x - dx * push, other.y - dy * push


def _confine(piece: Piece, hole: float) -> None:
    near, far = _bounds(piece, hole)
    angle = math.atan2(piece.y - CENTRE[1], piece.x - CENTRE[0])
    radius = math.dist(CENTRE, (piece.x, piece.y))
    piece.x, piece.y = polar(CENTRE, min(max(radius, near), far), angle)

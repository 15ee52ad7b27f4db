"""A pizza seen from above: dough, sauce, cheese, toppings, herbs."""

import math
from collections.abc import Sequence
from random import Random

from ocpizza.pictures.cheeses import VEILS, veil
from ocpizza.pictures.crust import crust, gradients, rim_shade
from ocpizza.pictures.pantry import EGG, EGG_ROOM, toppings_of, visible
from ocpizza.pictures.sauces import base_of, pour, poured, spread_sauce
from ocpizza.pictures.scatter import REACH, Piece, spread
from ocpizza.pictures.seeds import chance, digest
from ocpizza.pictures.svg import num
from ocpizza.pictures.topping import Layer, Topping

_SHADOW = (
    '<filter id="{0}s" x="-10%" y="-10%" width="120%" height="120%">'
    '<feDropShadow dx="0" dy="3" stdDeviation="2.2" flood-color="#3a1205" flood-opacity=".5"/>'
    "</filter>"
)
# Share of the disc that may be covered before pieces become fewer, then smaller.
_BUDGETS = {True: 0.62, False: 0.7}


def pizza(codes: Sequence[str]) -> str:
    """Return the picture's content for sorted, distinct ingredient codes."""
    codes = visible(codes)
    rng, prefix = chance(codes), f"p{digest(codes)[:5]}"
    toppings = toppings_of(codes)
    hole = EGG_ROOM if "oeuf" in codes else 0.0
    pieces = _cut(rng, toppings)
    for melted in (True, False):
        spread(rng, [one for one in pieces if (one.layer == Layer.MELT) == melted], hole)
    ground = _ground(rng, prefix, codes)
    layers = {layer: _layer(rng, prefix, pieces, layer) for layer in Layer}
    threads = "".join(pour(rng, code) for code in poured(codes, base_of(codes)))
    layers[Layer.CENTRE] = _raised(prefix, EGG if hole else "") + _raised(prefix, threads)
    return _definitions(prefix, toppings) + ground + "".join(layers.values())


def _ground(rng: Random, prefix: str, codes: Sequence[str]) -> str:
    sauced = crust(rng, prefix) + spread_sauce(rng, base_of(codes)) + rim_shade(prefix)
    return sauced + "".join(veil(rng, code) for code in codes if code in VEILS)


def _raised(prefix: str, shapes: str) -> str:
    return f'<g filter="url(#{prefix}s)">{shapes}</g>' if shapes else ""


def _definitions(prefix: str, toppings: Sequence[Topping]) -> str:
    shapes = [
        f'<g id="{prefix}{owner}-{index}">{shape}</g>'
        for owner, topping in enumerate(toppings)
        for index, shape in enumerate(topping.shapes)
    ]
    return f"<defs>{gradients(prefix)}{_SHADOW.format(prefix)}{''.join(shapes)}</defs>"


def _cut(rng: Random, toppings: Sequence[Topping]) -> list[Piece]:
    """Return unplaced pieces, as many of each topping as there is room for."""
    pieces: list[Piece] = []
    for owner, topping in enumerate(toppings):
        share = _share(topping, toppings)
        count = max(min(3, topping.count), round(topping.count * share))
        shrink = min(1.0, max(0.8, math.sqrt(share * topping.count / count)))
        for index in range(count):
            scale = rng.uniform(*topping.sizes) * shrink
            shape = index % len(topping.shapes)
            pieces.append(Piece(owner, shape, topping.layer, topping.radius * scale, scale))
    return pieces


def _share(topping: Topping, toppings: Sequence[Topping]) -> float:
    melted = topping.layer == Layer.MELT
    rivals = [one for one in toppings if (one.layer == Layer.MELT) == melted]
    load = sum(one.count * one.radius**2 for one in rivals)
    return min(1.35, max(0.4, _BUDGETS[melted] * REACH**2 / load))


def _layer(rng: Random, prefix: str, pieces: Sequence[Piece], layer: Layer) -> str:
    uses = [
        f'<use href="#{prefix}{one.owner}-{one.shape}" transform="translate({num(one.x)} '
        f'{num(one.y)})rotate({rng.randrange(360)})scale({one.scale:.2f})"/>'
        for one in pieces
        if one.layer == layer
    ]
    return _raised(prefix, "".join(uses))

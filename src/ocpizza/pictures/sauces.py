"""What is spread on the dough, and what is poured over the pizza."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from ocpizza.pictures.paths import Point, blob, polar, smooth
from ocpizza.pictures.scatter import CENTRE
from ocpizza.pictures.svg import line, path


@dataclass(frozen=True, slots=True)
class Sauce:
    """Four shades of a sauce: its body, its edge, its light and its deep ladle marks."""

    body: str
    edge: str
    light: str
    deep: str


# The first of these a pizza has is its base; the others are poured over it.
SAUCES = {
    "sauce-tomate": Sauce("#cf3a1d", "#a32a12", "#e25a34", "#b92f17"),
    "sauce-barbecue": Sauce("#7c3014", "#57200c", "#9a4420", "#682609"),
    "creme-fraiche": Sauce("#fdefcd", "#dfb56c", "#fffaea", "#e6b25a"),
    "pesto": Sauce("#839f38", "#5d7a24", "#a3bb52", "#6c892c"),
    "creme-truffe": Sauce("#f0dcb2", "#b8925a", "#fbf0d8", "#cfa76a"),
}
POURED = {
    "miel": Sauce("#f2a516", "#c87a08", "#ffd766", "#c87a08"),
}
_BARE = Sauce("#f3d394", "#dba957", "#fae3b2", "#e8bf74")


def base_of(codes: Sequence[str]) -> str | None:
    """Return the code of the sauce spread under everything, None for bare dough."""
    return next((code for code in SAUCES if code in codes), None)


def spread_sauce(rng: Random, base: str | None) -> str:
    """Return the sauce that covers the dough."""
    sauce = SAUCES[base] if base else _BARE
    edge = f'stroke="{sauce.edge}" stroke-width="5"'
    marks = [path(blob(rng, CENTRE, 156, 16, 0.015), sauce.body, edge)]
    for step in range(8):
        spot = polar(CENTRE, rng.uniform(60, 125), math.tau * step / 8 + rng.uniform(0, 0.5))
        shade = sauce.light if step % 2 else sauce.deep
        mark = blob(rng, spot, rng.uniform(10, 22), 6, 0.3)
        marks.append(path(mark, shade, 'opacity=".6"'))
    return "".join(marks)


def pour(rng: Random, code: str) -> str:
    """Return a thread of sauce zigzagging over the pizza."""
    sauce = POURED.get(code) or SAUCES[code]
    curve = smooth(_zigzag(rng))
    turn = f'transform="rotate({rng.randrange(0, 360)} 200 200)"'
    strokes = [
        line(curve, sauce.edge, 8),
        line(curve, sauce.body, 6),
        line(curve, sauce.light, 2),
    ]
    return f"<g {turn}>{''.join(strokes)}</g>"


def poured(codes: Sequence[str], base: str | None) -> list[str]:
    """Return the codes that are poured over a pizza of this base."""
    return [code for code in codes if code in POURED or (code in SAUCES and code != base)]


def _zigzag(rng: Random) -> list[Point]:
    points: list[Point] = []
    for step in range(8):
        x = -126 + step * 36.0
        reach = math.sqrt(max(0.0, 138**2 - x**2)) * rng.uniform(0.86, 1.0)
        points.append((200 + x, 200 + (reach if step % 2 else -reach)))
    return points

"""Charts as places of rectangles: `staff/chart.jinja2` draws them, beside the same numbers.

No library: pygal and others write styles and scripts into the picture, which our policy for what a
page may load refuses, and know neither our dark theme nor our languages.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

WIDTH, BAR, GAP = 600, 17, 3
ROW = 2 * BAR + GAP + 1
COLUMNS_HEIGHT = 120


class Bar(NamedTuple):
    """A rectangle, and where it stands; `value` is what it shows."""

    x: float
    y: float
    width: float
    height: float
    value: int


class Pair(NamedTuple):
    """Two bars under one another: a period, and the one it is compared with."""

    label: str
    now: Bar
    before: Bar


class Bars(NamedTuple):
    """A chart of lying bars, two by two, each pair so high; `highest` is as wide as the chart."""

    width: int
    row: int
    highest: int
    pairs: tuple[Pair, ...]


def bars(rows: Sequence[tuple[str, int | None, int | None]]) -> Bars | None:
    """Return a chart of what is called so, now and before; None where there is nothing to see."""
    highest = max((value or 0 for _, *values in rows for value in values), default=0)
    if highest <= 0:
        return None

    def bar(value: int | None, y: float) -> Bar:
        value = value or 0
        return Bar(0, y, round(WIDTH * max(value, 0) / highest, 1), BAR, value)

    pairs = tuple(Pair(label, bar(now, 0), bar(before, BAR + GAP)) for label, now, before in rows)
    return Bars(WIDTH, ROW, highest, pairs)


class Columns(NamedTuple):
    """A chart of standing bars, one beside the other, each of a day."""

    width: int
    height: int
    highest: int
    columns: tuple[tuple[date, Bar], ...]


def columns(values: Sequence[tuple[date, int]]) -> Columns | None:
    """Return a chart of values by their days; None where there is nothing to see."""
    highest = max((value for _, value in values), default=0)
    if highest <= 0:
        return None
    wide = WIDTH / len(values)
    standing = []
    for place, (day, value) in enumerate(values):
        height = round(COLUMNS_HEIGHT * max(value, 0) / highest, 1)
        x, y = round(place * wide, 1), round(COLUMNS_HEIGHT - height, 1)
        standing.append((day, Bar(x, y, round(wide * 0.8, 1), height, value)))
    return Columns(WIDTH, COLUMNS_HEIGHT, highest, tuple(standing))

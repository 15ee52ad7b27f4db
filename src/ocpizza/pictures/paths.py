"""Curves: outlines that look poured or torn rather than computed."""

import math
from collections.abc import Sequence
from random import Random

from ocpizza.pictures.svg import num

Point = tuple[float, float]


def polar(centre: Point, radius: float, angle: float) -> Point:
    """Return the point at this distance and angle (radians) of the centre."""
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)


def smooth(points: Sequence[Point]) -> str:
    """Return path data for an open curve through the points."""
    padded = [points[0], *points, points[-1]]
    return _spline(padded)


def smooth_loop(points: Sequence[Point]) -> str:
    """Return path data for a closed curve through the points."""
    padded = [points[-1], *points, points[0], points[1]]
    return _spline(padded) + "Z"


def blob(rng: Random, centre: Point, radius: float, corners: int, wobble: float) -> str:
    """Return path data for a roundish outline; `wobble` is a share of the radius."""
    turn = rng.uniform(0, math.tau)
    points = []
    for corner in range(corners):
        angle = turn + math.tau * (corner + rng.uniform(-0.12, 0.12)) / corners
        points.append(polar(centre, radius * (1 + rng.uniform(-wobble, wobble)), angle))
    return smooth_loop(points)


def _spline(points: Sequence[Point]) -> str:
    parts = [f"M{_pair(points[1])}"]
    for before, start, end, after in zip(points, points[1:], points[2:], points[3:], strict=False):
        first = (start[0] + (end[0] - before[0]) / 6, start[1] + (end[1] - before[1]) / 6)
        second = (end[0] - (after[0] - start[0]) / 6, end[1] - (after[1] - start[1]) / 6)
        # After the first curve, a first handle mirrors the second one before it: S leaves it out.
        handles = f"C{_pair(first)} " if len(parts) == 1 else "S"
        parts.append(f"{handles}{_pair(second)} {_pair(end)}")
    return "".join(parts)


def _pair(point: Point) -> str:
    return f"{num(point[0])} {num(point[1])}"

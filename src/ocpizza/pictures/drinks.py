"""A drink: its container from the code's first word, its colours from a table."""

from collections.abc import Sequence

from ocpizza.pictures.livery import livery_of
from ocpizza.pictures.vessels import beer, can, flask, wine

_VESSELS = {"canette": can, "bouteille": flask, "biere": beer, "vin": wine}


def drink(codes: Sequence[str]) -> str:
    """Return the picture's content for a drink; a plain bottle when the code says nothing."""
    code = codes[0] if codes else ""
    vessel = _VESSELS.get(code.partition("-")[0], flask)
    # A small bottle beside a large one must look small.
    scale = 0.94 if code.endswith("-50cl") else 1.1
    place = f"translate(200 366)scale({scale})translate(-200-366)"
    return f'<g transform="{place}">{vessel(livery_of(code))}</g>'

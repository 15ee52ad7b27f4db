"""The one entry point: a kind of product and its codes in, a complete SVG out."""

from collections.abc import Sequence

from ocpizza.pictures.desserts import dessert
from ocpizza.pictures.drinks import drink
from ocpizza.pictures.pizza import pizza
from ocpizza.pictures.svg import document

# Part of the pictures' address, which browsers keep for a year.
ART_VERSION = 2

_ARTISTS = {"pizza": pizza, "drink": drink, "dessert": dessert}


def draw(kind: str, codes: Sequence[str]) -> str:
    """Return the standalone SVG of a product.

    `kind` is "pizza", "drink" or "dessert" (ValueError otherwise); `codes` are its
    ingredient codes, whose order and repetitions do not matter.
    """
    artist = _ARTISTS.get(kind)
    if artist is None:
        raise ValueError("kind must be pizza, drink or dessert")
    return document(artist(sorted(set(codes))))

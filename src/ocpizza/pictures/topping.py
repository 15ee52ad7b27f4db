"""What there is to know of a topping in order to draw it."""

from dataclasses import dataclass
from enum import IntEnum


class Layer(IntEnum):
    """From the sauce up: what is drawn later lies on top."""

    MELT = 0
    SLICE = 1
    CHUNK = 2
    CENTRE = 3
    LEAF = 4


@dataclass(frozen=True, slots=True)
class Topping:
    """A scattered ingredient.

    `shapes` are SVG fragments round the origin, in units of the 400-unit picture;
    `radius` is the room one takes, `count` how many lie on a pizza of some three
    toppings, `sizes` the range of their scale.
    """

    shapes: tuple[str, ...]
    radius: float
    count: int
    layer: Layer
    sizes: tuple[float, float] = (0.92, 1.1)

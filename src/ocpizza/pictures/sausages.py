"""Sausages, sliced or short."""

from ocpizza.pictures.svg import disc, edged, line, oval, path
from ocpizza.pictures.topping import Layer, Topping

_CHORIZO = (
    disc(0, 0, 25, "#d2451f", edged("#8c2210", 3.5))
    + oval(-9, -9, 5, 3.5, "#fbd0a6")
    + oval(8, -12, 4, 3, "#fbd0a6")
    + oval(12, 5, 5, 4, "#fbd0a6")
    + oval(-3, 11, 5, 3.5, "#fbd0a6")
    + disc(-14, 4, 3, "#fbd0a6")
    + disc(1, -2, 3.5, "#9c2911")
    + disc(6, 17, 2.5, "#9c2911")
    + disc(-17, -3, 2, "#9c2911"),
)
_PEPPERONI = (
    disc(0, 0, 23, "#8a1a14")
    + disc(0, 1, 19, "#c22a20")
    + path("M-14-6C-8-16 10-16 15-4C6-10-6-10-14-6Z", "#e2583f")
    + path("M-13 6C-6 14 8 14 13 7C10 20-10 20-13 6Z", "#a01f18")
    + disc(-4, 1, 2.2, "#e8765a")
    + disc(7, 2, 2, "#e8765a"),
)
_MERGUEZ = (
    path(
        "M-34 8C-40-4-30-14-20-11C-6-5 8-6 20-12C32-16 42-4 34 6C16 18-14 18-34 8Z",
        "#93351b",
        edged("#5d1c0c", 2.5),
    )
    + line("M-26-5C-8 2 10 1 26-6", "#d0693f", 3.5)
    + line("M-20 3L-15 10", "#4f170a", 4)
    + line("M-3 5L0 13", "#4f170a", 4)
    + line("M14 4L18 10", "#4f170a", 4),
)

SAUSAGES = {
    "chorizo": Topping(_CHORIZO, 25, 9, Layer.SLICE),
    "pepperoni": Topping(_PEPPERONI, 23, 12, Layer.SLICE, (0.95, 1.05)),
    "merguez": Topping(_MERGUEZ, 30, 7, Layer.CHUNK),
}

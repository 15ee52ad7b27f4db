"""Leaves, laid on last."""

from ocpizza.pictures.svg import line, path
from ocpizza.pictures.topping import Layer, Topping

_BASIL_LEAF = (
    path("M0-34C21-24 25 8 0 34C-25 8-21-24 0-34Z", "#4aa03c")
    + path("M0-34C21-24 25 8 0 34Z", "#36852f")
    + line("M0-26V36", "#b6e08e", 2.8)
    + line("M0-10L-9-18M0 4L-11-5M0 16L-8 8M0-10L9-18M0 4L11-5M0 16L8 8", "#8cc768", 1.8)
)
_BASIL = (
    _BASIL_LEAF,
    f'<g transform="rotate(-38)translate(0-18)scale(.82)">{_BASIL_LEAF}</g>'
    f'<g transform="rotate(42)translate(0-18)scale(.88)">{_BASIL_LEAF}</g>',
)
_ROCKET = (
    path(
        "M0-38C9-36 12-28 8-22L19-18C18-10 12-9 7-10L6-4L17 2C15 10 9 9 5 7L2 20L2 38L-2 38L-2 20"
        "L-5 7C-9 10-16 9-17 2L-6-4L-7-10C-13-8-19-11-19-18L-8-22C-12-28-9-36 0-38Z",
        "#5aa534",
        'stroke="#37791f" stroke-width="2"',
    )
    + line("M0-28V36", "#c3e593", 2.5),
)
_SPINACH = (
    path(
        "M0-30C8-34 14-28 18-20C28-16 30-2 22 6C20 16 8 20 2 18V34H-2V18C-8 20-20 16-22 6"
        "C-30-2-28-16-18-20C-14-28-8-34 0-30Z",
        "#2f6b35",
        'stroke="#1d4a24" stroke-width="2"',
    )
    + path("M0-30C8-34 14-28 18-20C28-16 30-2 22 6C20 16 8 20 2 18Z", "#3c7f40")
    + line("M0-20V32M0-4L-13-12M0-4L13-12M0 9L-13 3M0 9L13 3", "#93c183", 2.4),
)
_OREGANO = (
    line(
        "M-12 4L-5 8M4-12L12-9M10 7L13 13M-12-9L-7-13M0-2L6 2M-3 14L2 17M-17-2L-15-5",
        "#4d6b25",
        4.2,
    )
    + line("M-2 8L3 8M-4-7L-1-10M15-1L17 2", "#8fae4d", 3.2),
)

HERBS = {
    "basilic": Topping(_BASIL, 30, 6, Layer.LEAF, (0.85, 1.05)),
    "roquette": Topping(_ROCKET, 26, 11, Layer.LEAF, (0.95, 1.2)),
    "epinards": Topping(_SPINACH, 29, 8, Layer.LEAF, (0.9, 1.15)),
    "origan": Topping(_OREGANO, 17, 10, Layer.LEAF),
}

"""Vegetables in slices, strips and rings."""

from ocpizza.pictures.svg import disc, edged, line, oval, path, ring
from ocpizza.pictures.topping import Layer, Topping

_MUSHROOM = (
    path(
        "M-29 3C-32-18-14-29 0-29S32-18 29 3C27 12 16 11 11 8C10 15 10 21 13 27"
        "C6 32-6 32-13 27C-10 21-10 15-11 8C-16 11-27 12-29 3Z",
        "#f8ead2",
        edged("#a67c4f", 3),
    )
    + path("M-22 3C-16-8-6-6 0-6S16-8 22 3C16 8 8 1 6 1H-6C-8 1-16 8-22 3Z", "#a57e58")
    + line("M0-1V21", "#d9bf98", 3)
    + line("M-19-11C-13-20-6-22 2-22", "#fffaf0", 4),
)
_RED_ONION = (
    ring(25, "#8f3277", 5)
    + ring(21, "#f3d3ea", 3.5)
    + line("M-15 0A15 15 0 1 1 8 13", "#a8478f", 4)
    + line("M-11.5-1A11.5 11.5 0 0 1 10-6", "#f3d3ea", 2.5),
    line("M-27 8C-24-18 18-24 27 6", "#8f3277", 5.5)
    + line("M-23 9C-20-12 15-17 23 7", "#f3d3ea", 3.5)
    + line("M-15 12C-12-4 9-8 15 10", "#a8478f", 4.5),
)


def _pepper(body: str, light: str, deep: str) -> str:
    curve = "M-28 9C-22-17 18-21 28 5"
    return (
        line(curve, deep, 14) + line(curve, body, 11) + line("M-24 4C-16-14 10-17 20-6", light, 3)
    )


_PEPPERS = (
    _pepper("#e23b24", "#ff9a80", "#a32312"),
    _pepper("#4f9c37", "#a9d98a", "#2f6d20"),
    _pepper("#f6b91f", "#ffe694", "#c48708"),
)
_SEED = "M0-8C6-12 7-21 0-23C-7-21-6-12 0-8Z"
_TOMATO = (
    disc(0, 0, 30, "#e2402a", edged("#b92a18", 3))
    + "".join(
        path(_SEED, "#f98f63", f'transform="rotate({turn})"')
        + line("M0-16V-14", "#fde3a4", 4, f'transform="rotate({turn})"')
        for turn in range(0, 360, 60)
    )
    + disc(0, 0, 5, "#f7b79a"),
)
_CHERRY_TOMATO = (
    disc(0, 0, 19, "#d92c1c", edged("#a81d10", 2.5))
    + disc(0, 0, 13.5, "#f2583a")
    + path("M-11-3C-10-11-3-12-1-9V8C-4 12-11 6-11-3Z", "#fb9a5c")
    + path("M11-3C10-11 3-12 1-9V8C4 12 11 6 11-3Z", "#fb9a5c")
    + line("M-6-4V-2M-5 4V5M6-4V-2M5 4V5", "#fff0bd", 3.2),
)
_AUBERGINE = (
    path(
        "M-36 2C-36-18-16-24 2-22C24-22 38-12 36 4C34 20 14 24-4 22C-22 24-36 16-36 2Z",
        "#e9cf98",
        edged("#4b2455", 5.5),
    )
    + line("M-18-12L-10 14", "#9c6a34", 5)
    + line("M0-14L6 15", "#9c6a34", 5)
    + line("M17-12L22 10", "#9c6a34", 5),
)
_COURGETTE = (
    disc(0, 0, 24, "#e3ecae", edged("#3f7f2c", 5))
    + disc(0, 0, 14, "#f2f5cd")
    + "".join(
        oval(0, -10, 1.8, 4, "#a9bf6c", f'transform="rotate({turn})"') for turn in range(0, 360, 60)
    ),
)
_ARTICHOKE = (
    path(
        "M0 30C-8 18-32 8-27-14C-20-10-16-6-14-2C-16-14-10-26 0-32C10-26 16-14 14-2"
        "C16-6 20-10 27-14C32 8 8 18 0 30Z",
        "#93a04e",
        edged("#5f6c2a", 2.5),
    )
    + path("M0 24C-10 10-10-12 0-24C10-12 10 10 0 24Z", "#dbe0a0")
    + line("M-20-2C-18 8-10 14-4 20M20-2C18 8 10 14 4 20", "#c6cd83", 3)
    + line("M0-14V14", "#93a04e", 2.5),
)
_POTATO = (
    path(
        "M-31 3C-34-15-16-25 2-23C22-25 34-12 31 4C31 20 12 26-4 23C-20 25-30 17-31 3Z",
        "#f9dc88",
        edged("#c48a35", 4),
    )
    + path("M-22 8C-10 18 12 18 23 6C20 22-16 24-22 8Z", "#e5ad4c")
    + oval(-8, -8, 9, 5, "#fff0bd")
    + disc(13, -7, 3, "#d9a24a"),
)

VEGETABLES = {
    "champignons": Topping(_MUSHROOM, 29, 8, Layer.CHUNK, (0.85, 1.05)),
    "oignons-rouges": Topping(_RED_ONION, 25, 8, Layer.CHUNK, (0.85, 1.15)),
    "poivrons": Topping(_PEPPERS, 27, 9, Layer.CHUNK),
    "tomates": Topping(_TOMATO, 31, 6, Layer.SLICE, (0.95, 1.05)),
    "tomates-cerises": Topping(_CHERRY_TOMATO, 20, 9, Layer.CHUNK),
    "aubergines": Topping(_AUBERGINE, 35, 6, Layer.SLICE),
    "courgettes": Topping(_COURGETTE, 26, 8, Layer.SLICE),
    "artichauts": Topping(_ARTICHOKE, 28, 6, Layer.CHUNK, (0.95, 1.1)),
    "pommes-de-terre": Topping(_POTATO, 31, 7, Layer.SLICE),
}

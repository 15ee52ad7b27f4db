"""Cheeses: puddles of mozzarella, a veil of emmental, slices with their rind."""

import math
from random import Random

from ocpizza.pictures.paths import blob, polar
from ocpizza.pictures.scatter import CENTRE
from ocpizza.pictures.svg import disc, edged, line, oval, path
from ocpizza.pictures.topping import Layer, Topping

# Grated cheeses melt into one sheet: body, toasted edge, toasted spots.
VEILS = {"emmental": ("#f8cd5c", "#e3a535", "#d98e2b")}

_MOZZARELLA = (
    path(
        "M-36-6C-38-28-16-38 0-33C18-40 38-24 36-4C42 14 26 34 6 32C-12 40-36 24-36-6Z",
        "#fff6df",
        edged("#f0d499", 3),
    )
    + path("M-22 14C-8 26 16 24 27 8C26 26-10 34-22 14Z", "#f3dcae")
    + oval(10, -10, 9, 6, "#e9b765", 'opacity=".75"')
    + oval(-15, -14, 9, 5, "#fffefa"),
    path(
        "M-40 2C-42-20-22-24-8-28C10-38 22-20 36-16C46 0 32 16 20 20C6 34-12 24-22 26"
        "C-36 24-38 12-40 2Z",
        "#fff6df",
        edged("#f0d499", 3),
    )
    + path("M-26 14C-10 20 8 20 24 8C14 30-16 26-26 14Z", "#f3dcae")
    + oval(-14, -4, 8, 5, "#e9b765", 'opacity=".75"')
    + oval(8, -16, 10, 5, "#fffefa"),
)
_CHEVRE = (
    path(
        "M-30 2C-32-18-14-31 2-30C20-31 32-14 30 2C30 20 14 31-2 30C-20 30-30 18-30 2Z",
        "#fffdf6",
        edged("#aa9d7e", 4),
    )
    + path("M-24 4C-14 12-6 2 4 8S18 10 25 0C24 18 10 26-4 25C-16 24-24 16-24 4Z", "#f3dfae")
    + path("M-17 9C-8 16 0 8 8 13C14 16 18 12 20 9C16 21-10 24-17 9Z", "#d99a45")
    + path("M-2-21C8-24 20-16 21-8C14-4 4-12-2-21Z", "#ecc06e")
    + line("M-20-8C-14-4-8-12-2-7", "#e6dcc2", 3)
    + disc(-11, -17, 2.5, "#e6dcc2"),
)
_GORGONZOLA = (
    path(
        "M-30 4C-34-14-18-28 0-25C20-30 34-14 30 4C32 22 12 30-4 26C-20 30-30 18-30 4Z",
        "#fbf1d3",
        edged("#e2cf9c", 3),
    )
    + line("M-20-6C-10-14-4 0 6-8S18-12 20-6", "#4d7d8c", 4.5)
    + line("M-16 12C-8 4 2 16 14 8", "#4d7d8c", 4.5)
    + disc(-3, -17, 3.5, "#5f93a0")
    + disc(20, 8, 3.5, "#5f93a0")
    + disc(-22, 3, 2.5, "#5f93a0"),
)
_REBLOCHON = (
    path("M-32-16C-10-24 12-24 34-16L30 16C10 22-12 22-30 16Z", "#fbe3a4", edged("#e6bd66", 2))
    + path("M-35-20C-12-30 14-30 36-20L34-9C12-18-12-18-33-9Z", "#d98a4e", edged("#bb6c33", 2))
    + line("M-24-17C-8-22 10-22 24-17", "#f2c79b", 3)
    + oval(-10, 2, 7, 4, "#fff3cf")
    + oval(12, 7, 5, 3, "#fff3cf"),
)
_PARMESAN = (
    path("M-30 4C-20-14 6-20 30-12C24 0 2 12-26 12Z", "#f6d478", edged("#c9972f", 2))
    + line("M-20 4C-8-6 8-10 20-9", "#fff7dc", 3),
    path("M-24-10L18-16L26 2L-4 14L-22 8Z", "#f2c963", edged("#c9972f", 2))
    + line("M-14-5L14-9", "#fff7dc", 3),
)
_RACLETTE = (
    path(
        "M-36-24C-12-30 14-28 38-24C42-8 40 12 36 26C14 32-14 28-36 26C-42 10-40-8-36-24Z",
        "#fbd774",
        edged("#eab548", 3),
    )
    + path("M-38-27C-12-34 14-32 40-27L39-16C14-22-12-23-39-16Z", "#c9793a")
    + oval(-12, 4, 11, 6, "#fdeaa8")
    + oval(16, 14, 7, 4, "#e5a544")
    + disc(16, -4, 3.5, "#eab548"),
)

CHEESES = {
    "mozzarella": Topping(_MOZZARELLA, 37, 8, Layer.MELT, (0.8, 1.15)),
    "gorgonzola": Topping(_GORGONZOLA, 30, 6, Layer.SLICE, (0.85, 1.1)),
    "raclette": Topping(_RACLETTE, 40, 6, Layer.MELT),
    "chevre": Topping(_CHEVRE, 29, 6, Layer.SLICE, (0.95, 1.05)),
    "reblochon": Topping(_REBLOCHON, 32, 6, Layer.SLICE),
    "parmesan": Topping(_PARMESAN, 22, 7, Layer.LEAF),
}


def veil(rng: Random, code: str) -> str:
    """Return a sheet of melted cheese, the sauce showing through its holes."""
    body, edge, toasted = VEILS[code]
    outline = blob(rng, CENTRE, 143, 17, 0.045)
    for step in range(7):
        spot = polar(CENTRE, rng.uniform(55, 118), math.tau * (step + rng.random() * 0.5) / 7)
        outline += blob(rng, spot, rng.uniform(9, 17), 6, 0.25)
    sheet = path(outline, body, f'fill-rule="evenodd" {edged(edge, 4)}')
    for step in range(9):
        spot = polar(CENTRE, rng.uniform(20, 128), math.tau * (step + rng.random()) / 9)
        fill = toasted if step % 3 else "#fde9a4"
        sheet += path(blob(rng, spot, rng.uniform(6, 13), 6, 0.25), fill, 'opacity=".6"')
    return sheet

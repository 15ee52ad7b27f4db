"""Fish and shellfish."""

from ocpizza.pictures.svg import edged, line, oval, path
from ocpizza.pictures.topping import Layer, Topping

_TUNA = (
    path(
        "M-28 6C-30-10-18-20-4-18C12-24 30-12 27 2C30 14 12 20 0 17C-12 22-26 18-28 6Z",
        "#e0b594",
        edged("#b07f5c", 2.5),
    )
    + line("M-21 8C-16-6-10-10 0-12", "#b98664", 3)
    + line("M-10 12C-6 0 2-6 12-9", "#b98664", 3)
    + line("M5 12C9 2 14-2 21-4", "#b98664", 3)
    + line("M-22 0C-18-9-13-13-7-14", "#f8dcc4", 3),
)
_ANCHOVY = (
    path(
        "M-46 6C-32-14-12-10 2-3C16 5 32 4 46-8C40 16 16 20-2 11C-18 3-32 0-46 6Z",
        "#6f4a38",
        edged("#4f3225", 1.5),
    )
    + line("M-40 0C-26-8-12-4 2 3C16 10 30 8 40 2", "#d9b9a0", 2.8)
    + line("M-30-6C-22-9-12-7-4-3", "#a98671", 2.5),
)
_SALMON = (
    path(
        "M-42 2C-40-18-24-22-12-16C0-28 20-24 26-14C42-16 46 6 36 14C28 26 8 22 0 16"
        "C-14 28-40 22-42 2Z",
        "#f68a55",
        edged("#dd6a37", 2),
    )
    + line("M-33 2C-26-10-16-8-10-4C0-16 14-14 20-6C28-8 34-4 36 2", "#ffd8bd", 3.5)
    + line("M-29 12C-22 2-14 4-6 8C4-4 16-2 22 5", "#ffd8bd", 3.5)
    + line("M-36-4C-30-14-22-16-14-11", "#ffb78e", 3)
    + line("M6 14C12 8 18 10 26 14", "#dd6a37", 3),
)
_PRAWN = (
    path("M14 18L30 26L26 12L34 4L18 8Z", "#f0774c", edged("#a83a16", 2))
    + path(
        "M20 16C6 30-24 24-27-2C-28-26 2-34 18-18C22-12 18-6 12-9C2-15-9-10-8 0C-7 9 6 10 14 5Z",
        "#ffb798",
        edged("#b8431c", 2.5),
    )
    + line("M-25-7L-9-4", "#e8633a", 3.5)
    + line("M-18-20L-6-9", "#e8633a", 3.5)
    + line("M-22 10L-8 4", "#e8633a", 3.5)
    + line("M-8 21L-2 8", "#e8633a", 3.5)
    + line("M-1-25L2-12", "#e8633a", 3.5)
    + oval(14, -14, 2, 2, "#6d2814")
    + line("M18-17C26-24 32-22 36-16", "#b8431c", 2),
)

FISH = {
    "thon": Topping(_TUNA, 26, 9, Layer.CHUNK, (0.85, 1.15)),
    "anchois": Topping(_ANCHOVY, 35, 7, Layer.CHUNK),
    "saumon-fume": Topping(_SALMON, 36, 6, Layer.SLICE),
    "crevettes": Topping(_PRAWN, 29, 8, Layer.CHUNK, (0.95, 1.05)),
}

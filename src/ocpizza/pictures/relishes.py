"""Small strong things: olives, capers, garlic, chilli, nuts, fruit."""

from ocpizza.pictures.svg import disc, edged, line, oval, path, ring
from ocpizza.pictures.topping import Layer, Topping

_OLIVE = (
    ring(10.5, "#2a2230", 9) + line("M-11-5A12 12 0 0 1-1-12", "#85768f", 3),
    ring(10, "#332a2f", 8.5) + line("M-10-6A12 12 0 0 1 1-11.5", "#85768f", 3),
)
_CAPER = (
    "".join(
        disc(x, y, 7.5, "#76863a", edged("#4c5920", 2)) + disc(x - 2, y - 2.5, 2.2, "#bccb7c")
        for x, y in ((-8, -5), (8, -6), (0, 8))
    ),
)
_GARLIC = (
    path("M-15 8C-20-8-6-20 8-18C16-8 18 6 8 14C-2 18-12 16-15 8Z", "#fff3d3", edged("#b97b2c", 3))
    + line("M-5 8C-8-2-2-8 4-10", "#d9a54c", 4),
)
_PINEAPPLE = (
    path("M-24 18C-10 26 10 26 24 18L10-20C4-24-4-24-10-20Z", "#fcd33f", edged("#d89b15", 3))
    + line("M-12 14L-6-10M0 16V-12M12 14L6-10", "#efb31f", 3)
    + line("M-18 15C-8 20 8 20 18 15", "#fff1a3", 3),
)
_WALNUT = (
    path(
        "M0-24C16-28 26-14 23-2C28 14 14 26 0 22C-14 26-28 14-23-2C-26-14-16-28 0-24Z",
        "#c98f50",
        edged("#87541f", 3),
    )
    + line("M0-22V20", "#87541f", 3)
    + line("M-7-13C-17-13-17-4-9-3M-8 5C-18 4-16 15-7 14", "#f0c48c", 3.5)
    + line("M7-13C17-13 17-4 9-3M8 5C18 4 16 15 7 14", "#f0c48c", 3.5),
)
_CHILLI = (
    path(
        "M-32 12C-14 14 6 6 18-13C22-18 32-12 28-5C16 18-12 26-32 12Z",
        "#e0241b",
        edged("#9d120d", 2),
    )
    + line("M-14 13C2 11 14 3 21-7", "#ff8d78", 3)
    + line("M24-13C26-20 30-22 35-23", "#3f8a2c", 5)
    + oval(23, -11, 8, 4.5, "#4f9c37", 'transform="rotate(35 23 -11)"'),
)
_TRUFFLE = (
    path(
        "M-22 2C-24-14-10-22 2-21C16-22 24-10 22 3C22 16 10 22-2 21C-14 22-22 14-22 2Z",
        "#4a382f",
        edged("#211712", 4),
    )
    + line("M-13 2C-6-8 0 4 6-6S13-6 14-2M-8 12C-2 6 4 13 11 8M-6-12C0-15 4-10 8-13", "#cdb79b", 2),
)

RELISHES = {
    "olives-noires": Topping(_OLIVE, 15.5, 10, Layer.CHUNK),
    "capres": Topping(_CAPER, 16, 9, Layer.CHUNK, (0.9, 1.05)),
    "ail": Topping(_GARLIC, 18, 8, Layer.CHUNK, (0.85, 1.05)),
    "ananas": Topping(_PINEAPPLE, 25, 8, Layer.CHUNK),
    "noix": Topping(_WALNUT, 25, 7, Layer.CHUNK, (0.85, 1.0)),
    "piment": Topping(_CHILLI, 28, 7, Layer.CHUNK),
    "creme-truffe": Topping(_TRUFFLE, 23, 6, Layer.SLICE, (0.9, 1.1)),
}

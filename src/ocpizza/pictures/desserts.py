"""Desserts, each on its plate or in its glass."""

from collections.abc import Sequence

from ocpizza.pictures.coupes import ICE_CREAM, MOUSSE
from ocpizza.pictures.crockery import plate
from ocpizza.pictures.pastries import CANNOLI, FONDANT, PANNA_COTTA, TART, TIRAMISU
from ocpizza.pictures.seeds import tint
from ocpizza.pictures.svg import disc, edged, line, oval, path


def _served(cake: str) -> str:
    return f'<g transform="translate(0-24)">{plate()}{cake}</g>'


DESSERTS = {
    "tiramisu": _served(TIRAMISU),
    "panna-cotta": _served(PANNA_COTTA),
    "fondant-chocolat": _served(FONDANT),
    "tarte-citron": _served(TART),
    "cannoli": _served(CANNOLI),
    "glace-vanille": ICE_CREAM,
    "mousse-chocolat": MOUSSE,
}


def dessert(codes: Sequence[str]) -> str:
    """Return the picture's content for a dessert; a small cake when nobody has drawn it."""
    code = codes[0] if codes else ""
    return DESSERTS.get(code) or _served(_cake(code))


def _cake(code: str) -> str:
    body, deep, light = tint(code, 0.6), tint(code, 0.42), tint(code, 0.82)
    return (
        path("M104 200V272C104 316 296 316 296 272V200Z", light)
        + path("M104 232V254C104 298 296 298 296 254V232C296 276 104 276 104 232Z", deep)
        + path(
            "M104 200C104 250 122 262 138 240C156 276 186 280 204 256C224 280 256 272 264 244"
            "C282 258 296 240 296 200Z",
            body,
        )
        + oval(200, 198, 96, 34, body, edged(light, 3))
        + disc(200, 172, 24, "#d92c1c", edged("#a81d10", 3))
        + oval(192, 164, 7, 5, "#ff9a80")
        + line("M202 150C204 136 212 128 222 124", "#6b7f2c", 4)
    )

"""Every topping by its code, and what stands in for the ones nobody has drawn."""

from collections.abc import Sequence

from ocpizza.pictures.cheeses import CHEESES, VEILS
from ocpizza.pictures.fish import FISH
from ocpizza.pictures.herbs import HERBS
from ocpizza.pictures.meats import MEATS
from ocpizza.pictures.relishes import RELISHES
from ocpizza.pictures.sauces import POURED, SAUCES
from ocpizza.pictures.sausages import SAUSAGES
from ocpizza.pictures.seeds import tint
from ocpizza.pictures.svg import disc, edged, oval, path
from ocpizza.pictures.topping import Layer, Topping
from ocpizza.pictures.vegetables import VEGETABLES

INVISIBLE = frozenset({"farine", "levure", "sel", "huile-olive", "eau", "sucre"})
TOPPINGS = CHEESES | MEATS | SAUSAGES | FISH | VEGETABLES | RELISHES | HERBS

EGG_ROOM = 50.0
EGG = (
    '<g transform="translate(200 200)">'
    + path(
        "M-46-20C-38-48-8-44 8-50C34-54 52-30 48-8C60 10 48 40 24 42C8 56-22 52-34 38"
        "C-58 30-56-4-46-20Z",
        "#fffaf0",
        edged("#e9c88e", 3),
    )
    + path("M-30 26C-14 40 14 40 32 22C28 44-16 50-30 26Z", "#f1e4cb")
    + disc(-1, -3, 24, "#f7a41d", edged("#e08a0c", 2))
    + oval(-8, -12, 8, 5, "#ffd978", 'transform="rotate(-35 -8 -12)"')
    + "</g>"
)


def visible(codes: Sequence[str]) -> list[str]:
    """Return the codes that show: what is kneaded into the dough changes no picture."""
    return [code for code in codes if code not in INVISIBLE]


def toppings_of(codes: Sequence[str]) -> list[Topping]:
    """Return the scattered toppings among visible codes, invented ones included."""
    spread_or_poured = (SAUCES.keys() | POURED.keys()) - TOPPINGS.keys()
    apart = spread_or_poured | VEILS.keys() | {"oeuf"}
    return [TOPPINGS.get(code) or _invented(code) for code in codes if code not in apart]


def _invented(code: str) -> Topping:
    body, edge, light = tint(code, 0.52), tint(code, 0.34), tint(code, 0.72)
    shape = disc(0, 0, 17, body, edged(edge, 3)) + oval(-5, -6, 6, 4, light)
    return Topping((shape,), 18, 9, Layer.CHUNK, (0.8, 1.15))

"""The colours a drink is dressed in."""

from dataclasses import dataclass

from ocpizza.pictures.seeds import tint


@dataclass(frozen=True, slots=True)
class Livery:
    """Colours of a can or bottle: container, drink, label, the label's sign and its motif."""

    glass: str
    drink: str
    label: str
    sign: str
    motif: str = "wave"


LIVERIES = {
    "canette-cola-33cl": Livery("#c9202b", "#3b1710", "#c9202b", "#ffffff"),
    "canette-orange-33cl": Livery("#f47b16", "#ffa52e", "#f47b16", "#ffb03a", "citrus"),
    "canette-citron-33cl": Livery("#3f9a4b", "#f6e04f", "#3f9a4b", "#f8dd3a", "citrus"),
    "canette-the-peche-33cl": Livery("#8c4a1f", "#c9732a", "#8c4a1f", "#f9a563", "peach"),
    "bouteille-eau-50cl": Livery("#bfe3f5", "#dff3fc", "#2f7fc4", "#ffffff", "peaks"),
    "bouteille-petillante-50cl": Livery("#7ccb9e", "#bdeacb", "#1f8a5b", "#ffffff", "bubbles"),
    "bouteille-cola-150cl": Livery("#5b2a1c", "#32130c", "#c9202b", "#ffffff"),
    "biere-blonde-33cl": Livery("#7a4314", "#f5b021", "#f6e3b4", "#c58a1b", "hop"),
    "biere-blanche-33cl": Livery("#a4652a", "#f8dc7a", "#ffffff", "#5b8fc2", "hop"),
    "vin-rouge-75cl": Livery("#33604a", "#8e1832", "#f7ecd6", "#8e1832", "grapes"),
    "vin-rose-75cl": Livery("#f6b3a8", "#f58e8a", "#fffaf2", "#d9596b", "grapes"),
}


def livery_of(code: str) -> Livery:
    """Return the colours of a drink, invented from its code when nobody chose them."""
    invented = Livery(tint(code, 0.42), tint(code, 0.55), tint(code, 0.5), "#ffffff", "bubbles")
    return LIVERIES.get(code, invented)
